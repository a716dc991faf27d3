/** Lists longer than this are no label files. */
const MAX_CLASSES = 10_000;

const GAPS = new Set(['', '???', 'n/a', '-']);
const BACKGROUND = new Set([
  '???',
  'background',
  '__background__',
  'unlabeled',
  'unlabelled',
  'unknown',
  'none',
]);

/**
 * Labels by class id (counted from 0, without a background class); null where the file has a gap.
 *
 * Understands one label a line, `number label` lines with gaps left out, and the `item { id name }`
 * text of the TensorFlow Object Detection API. Whether the file counts a background class or counts
 * from 1 is told from the number of classes: `classCount` is what the model says, null if it does
 * not. Python's `b'label'` is unwrapped; `???`, `n/a` and `-` are gaps.
 */
export function parseLabels(text: string, classCount: number | null): (string | null)[] {
  const plain = text.replace(/^\uFEFF/, '');
  if (/\bitem\s*\{/.test(plain)) return byId(itemLabels(plain));
  const numbered = numberedLabels(plain);
  return numbered ? byId(fromZero(numbered, classCount)) : listedLabels(plain, classCount);
}

interface NumberedLabel {
  readonly id: number;
  readonly label: string;
}

function byId(items: readonly NumberedLabel[]): (string | null)[] {
  const labels: (string | null)[] = [];
  for (const { id, label } of items) {
    if (id >= MAX_CLASSES) continue;
    while (labels.length <= id) labels.push(null);
    labels[id] = clean(label);
  }
  return labels;
}

/** Null where not every line begins with a number. */
function numberedLabels(text: string): NumberedLabel[] | null {
  const all = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const lines = all.slice(0, MAX_CLASSES);
  const items: NumberedLabel[] = [];
  for (const line of lines) {
    const match = /^\s*(\d{1,6})[\s:,]+(\S.*)$/.exec(line);
    if (!match) return null;
    items.push({ id: Number(match[1]), label: match[2] ?? '' });
  }
  return items.length > 0 ? items : null;
}

/** Ids as the model gives them: without a background class, and counted from 0. */
function fromZero(items: readonly NumberedLabel[], classCount: number | null): NumberedLabel[] {
  const ids = items.map(({ id }) => id);
  const highest = Math.max(...ids);
  const isBackground = ({ id, label }: NumberedLabel): boolean =>
    id === 0 && isBackgroundName(label);
  const countsBackground =
    items.some(isBackground) && (classCount === null || highest >= classCount);
  const countsFromOne = Math.min(...ids) >= 1 && highest === (classCount ?? ids.length);
  if (!countsBackground && !countsFromOne) return [...items];
  return items.filter(({ id }) => id > 0).map(({ id, label }) => ({ id: id - 1, label }));
}

/** The API counts from 1, 0 being the background, so each id is one too high for us. */
function itemLabels(text: string): NumberedLabel[] {
  const items: NumberedLabel[] = [];
  for (const [, body = ''] of text.matchAll(/\bitem\s*\{([^}]{0,1000})\}/g)) {
    const id = Number(/\bid\s*:\s*(\d{1,6})/.exec(body)?.[1] ?? 0);
    const label = quoted('display_name', body) ?? quoted('name', body) ?? '';
    if (id > 0) items.push({ id: id - 1, label });
  }
  return items;
}

function quoted(field: string, body: string): string | undefined {
  return new RegExp(`\\b${field}\\s*:\\s*(["'])(.*?)\\1`).exec(body)?.[2];
}

function listedLabels(text: string, classCount: number | null): (string | null)[] {
  const lines = text.split(/\r?\n/).slice(0, MAX_CLASSES);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const hasRoomForBackground = classCount === null || lines.length > classCount;
  if (isBackgroundName(lines[0] ?? '') && hasRoomForBackground) lines.shift();
  return lines.map(clean);
}

function isBackgroundName(label: string): boolean {
  return BACKGROUND.has(label.trim().toLowerCase());
}

function clean(label: string): string | null {
  const trimmed = label
    .trim()
    .replace(/^b(['"])(.*)\1$/, '$2')
    .trim();
  return GAPS.has(trimmed.toLowerCase()) ? null : trimmed;
}

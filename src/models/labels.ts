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
  const items = /\bitem\s*\{/.test(plain) ? itemLabels(plain) : numberedLabels(plain);
  if (!items) return listedLabels(plain, classCount);
  const ids = items.map(({ id }) => id);
  const countsFromOne = Math.min(...ids) >= 1 && Math.max(...ids) === (classCount ?? ids.length);
  const labels: (string | null)[] = [];
  for (const { id, label } of items) {
    const classId = countsFromOne ? id - 1 : id;
    if (classId >= MAX_CLASSES) continue;
    while (labels.length <= classId) labels.push(null);
    labels[classId] = clean(label);
  }
  return labels;
}

interface NumberedLabel {
  readonly id: number;
  readonly label: string;
}

function numberedLabels(text: string): NumberedLabel[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const items: NumberedLabel[] = [];
  for (const line of lines) {
    const match = /^\s*(\d{1,6})[\s:,]+(\S.*)$/.exec(line);
    if (!match) return null;
    items.push({ id: Number(match[1]), label: match[2] ?? '' });
  }
  return items.length > 0 ? items : null;
}

/** The API counts from 1, 0 being the background, so each id is one too high for us. */
function itemLabels(text: string): NumberedLabel[] | null {
  const items: NumberedLabel[] = [];
  for (const [, body = ''] of text.matchAll(/\bitem\s*\{([^}]*)\}/g)) {
    const id = /\bid\s*:\s*(\d{1,6})/.exec(body)?.[1];
    const name =
      /\bdisplay_name\s*:\s*["']([^"']*)/.exec(body) ?? /\bname\s*:\s*["']([^"']*)/.exec(body);
    if (id !== undefined && Number(id) > 0)
      items.push({ id: Number(id) - 1, label: name?.[1] ?? '' });
  }
  return items.length > 0 ? items : null;
}

function listedLabels(text: string, classCount: number | null): (string | null)[] {
  const lines = text.split(/\r?\n/).slice(0, MAX_CLASSES);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const first = lines[0]?.trim().toLowerCase() ?? '';
  const hasRoomForBackground = classCount === null || lines.length > classCount;
  if (BACKGROUND.has(first) && hasRoomForBackground) lines.shift();
  return lines.map(clean);
}

function clean(label: string): string | null {
  const trimmed = label
    .trim()
    .replace(/^b(['"])(.*)\1$/, '$2')
    .trim();
  return GAPS.has(trimmed.toLowerCase()) ? null : trimmed;
}

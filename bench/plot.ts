import type { Spread } from './rounds.js';

/** Some bars on a scale of their own: the longest fills the width. */
export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly name: string;
  readonly value: Spread;
  /** The value in words, with its unit. */
  readonly text: string;
  /** Whether this is what the picture is about. */
  readonly isOurs: boolean;
}

const WIDTH = 760;
const NAME_WIDTH = 190;
const TEXT_WIDTH = 110;
const BAR_HEIGHT = 16;
const BAR_STEP = 22;
const TITLE_HEIGHT = 26;
const GROUP_GAP = 14;
const PADDING = 12;
const HEADING_HEIGHT = 30;

/** Readable on white and on black; where the page's scheme is known, better on each. */
const STYLE = `text{font:13px system-ui,sans-serif;fill:#6e7781}
.h{font-size:15px;font-weight:600}.g{font-weight:600}
.n{text-anchor:end}.b{fill:#8c959f}.o{fill:#2f81f7}.w{stroke:#6e7781;stroke-width:1.5}
@media(prefers-color-scheme:light){text{fill:#424a53}.w{stroke:#424a53}}
@media(prefers-color-scheme:dark){text{fill:#c9d1d9}.w{stroke:#c9d1d9}}`;

/**
 * Draws groups of horizontal bars from 0 to the median, with a line from the least to the greatest
 * value, as an SVG document.
 */
export function barChart(heading: string, groups: readonly BarGroup[]): string {
  const parts: string[] = [textAt(PADDING, PADDING + 14, heading, 'h')];
  let y = PADDING + HEADING_HEIGHT;
  for (const { title, bars } of groups) {
    parts.push(textAt(PADDING, y + 12, title, 'g'));
    y += TITLE_HEIGHT;
    const longest = Math.max(...bars.map(({ value }) => value.max));
    for (const bar of bars) {
      parts.push(...drawBar(bar, y, (WIDTH - NAME_WIDTH - TEXT_WIDTH - 2 * PADDING) / longest));
      y += BAR_STEP;
    }
    y += GROUP_GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${escaped(heading)}">
<style>${STYLE}</style>
${parts.join('\n')}
</svg>
`;
}

/** @param scale pixels of one unit of the value. */
function drawBar({ name, value, text, isOurs }: Bar, y: number, scale: number): string[] {
  const left = PADDING + NAME_WIDTH;
  const at = (position: number): string => (left + position * scale).toFixed(1);
  const middle = y + BAR_HEIGHT / 2;
  const width = (value.median * scale).toFixed(1);
  return [
    textAt(left - 8, y + 12, name, 'n'),
    `<rect class="${isOurs ? 'o' : 'b'}" x="${left}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<line class="w" x1="${at(value.min)}" x2="${at(value.max)}" y1="${middle}" y2="${middle}"/>`,
    textAt(left + value.max * scale + 8, y + 12, text, ''),
  ];
}

function textAt(x: number, y: number, text: string, kind: string): string {
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

import type { Point } from '../domain/point.js';
import { SLUG_PATTERN } from '../domain/slug.js';
import type { Zone } from '../domain/zone.js';
import type { Format } from './config-key.js';
import { quote } from './quote.js';

const MAX_ZONES = 32;
const POINTS = { min: 3, max: 32 };
const POINT = /^(?<x>\d+(?:\.\d*)?|\.\d+),(?<y>\d+(?:\.\d*)?|\.\d+)$/;
const MAX_TEXT_LENGTH = 1024;
/** Between the points and the labels. */
const LABELS_FOLLOW = 'for';
const EXAMPLE = 'drive 0.1,0.5 0.9,0.5 0.9,1 0.1,1';

/**
 * Zones, a line of text each: an id, its corners, and where only some labels count these. As an
 * argument or environment variable with semicolons between them.
 */
export function zoneList(): Format<readonly string[]> {
  return {
    expected: `a list of at most ${MAX_ZONES} zones such as "${EXAMPLE}" or "door 0,0.4 0.3,0.4 0.3,1 for person, dog"`,
    fromText: (given) => given.split(';').flatMap((item) => item.trim() || []),
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) && problemsOf(value).length === 0,
    problems: (value) => (Array.isArray(value) ? problemsOf(value) : []),
  };
}

/** The zones that texts of the format `zoneList` describe. */
export function zonesOf(texts: readonly string[]): readonly Zone[] {
  return texts.map(readZone).filter((zone) => typeof zone !== 'string');
}

function problemsOf(items: readonly unknown[]): readonly string[] {
  if (items.length > MAX_ZONES) return [`has ${items.length} zones, at most ${MAX_ZONES} can be`];
  const problems: string[] = [];
  const ids = new Set<string>();
  for (const [index, item] of items.entries()) {
    const zone = typeof item === 'string' ? readZone(item) : notText(index);
    if (typeof zone === 'string') problems.push(zone);
    else if (ids.has(zone.id)) problems.push(`zone "${zone.id}" is there twice`);
    else ids.add(zone.id);
  }
  return problems;
}

function notText(index: number): string {
  return `item ${index + 1} is no line of text: expected one such as "${EXAMPLE}", without a colon`;
}

/** The zone, or what is wrong with it. */
function readZone(text: string): Zone | string {
  const words = text.trim().split(/\s+/);
  const [id = '', ...rest] = words;
  const name = `zone ${quote(id)}`;
  if (text.length > MAX_TEXT_LENGTH) return `${name} has more than ${MAX_TEXT_LENGTH} characters`;
  if (!SLUG_PATTERN.test(id)) {
    return `${name} has no valid id: expected 1 to 64 of the characters a-z, 0-9, _ and -`;
  }
  const end = rest.indexOf(LABELS_FOLLOW);
  const corners = end < 0 ? rest : rest.slice(0, end);
  const points = corners.map(readPoint);
  const bad = points.indexOf(null);
  if (bad >= 0) {
    return `${name} has the corner ${quote(corners[bad])}: expected X,Y, each a number from 0 to 1`;
  }
  if (points.length < POINTS.min || points.length > POINTS.max) {
    return `${name} has ${points.length} corners: expected ${POINTS.min} to ${POINTS.max}`;
  }
  const known = points.filter((point) => point !== null);
  if (isFlat(known)) return `${name} has no area: its corners are in a line`;
  const labels = end < 0 ? [] : labelsOf(rest.slice(end + 1).join(' '));
  if (labels.includes('')) {
    return `${name} has an empty label: expected "for" and labels with commas between them`;
  }
  return { id, points: known, labels };
}

function readPoint(text: string): Point | null {
  const { x = '', y = '' } = POINT.exec(text)?.groups ?? {};
  const point = { x: Number(x), y: Number(y) };
  return x !== '' && y !== '' && point.x <= 1 && point.y <= 1 ? point : null;
}

function labelsOf(text: string): readonly string[] {
  return [...new Set(text.split(',').map((label) => label.trim()))];
}

/** Whether all corners are in one line. */
function isFlat([first, ...others]: readonly Point[]): boolean {
  if (first === undefined) return true;
  const arms = others.map(({ x, y }) => ({ x: x - first.x, y: y - first.y }));
  const longest = arms.reduce((a, b) => (Math.hypot(b.x, b.y) > Math.hypot(a.x, a.y) ? b : a));
  return arms.every(({ x, y }) => Math.abs(x * longest.y - y * longest.x) < 1e-9);
}

import { labelSlug, slug } from '../domain/slug.js';

/** Characters of a label that a name shows. */
const MAX_NAME_LENGTH = 64;

/** The label that stands for objects of every kind together. */
export const ANY_LABEL = 'any';

/** A label as its topic and as people have it. */
export interface LabelName {
  readonly slug: string;
  readonly text: string;
}

/** Every label once, `any` first. Labels with the same slug share their topics and so their name. */
export function labelNames(labels: readonly string[]): readonly LabelName[] {
  const names = new Map([[ANY_LABEL, 'Any object']]);
  for (const label of labels) {
    const id = labelSlug(label);
    if (!names.has(id)) names.set(id, sentence(label) || id);
  }
  return Array.from(names, ([id, text]) => ({ slug: id, text }));
}

/** An id in words: `front_door` is `Front door`. */
export function words(id: string): string {
  return sentence(id.replace(/[_-]+/g, ' ')) || id;
}

/**
 * The name of a camera's device: its id in words, with the node's name where the id is the word
 * that says nothing.
 */
export function cameraName(nodeId: string, cameraId: string): string {
  return cameraId === 'camera' ? words(`${nodeId} camera`) : words(cameraId);
}

/** The part of an entity id after the dot, as Home Assistant would make it of names. */
export function entityName(...names: readonly (string | null)[]): string {
  return slug(names.filter((name) => name !== null).join(' ')).replace(/-/g, '_');
}

function sentence(text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, ' ').trim();
  const [first = '', ...rest] = Array.from(plain).slice(0, MAX_NAME_LENGTH);
  return first.toUpperCase() + rest.join('');
}

/**
 * Puts `content` between the lines `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` of a page,
 * instead of what stands there.
 * @throws Error when the page does not have both, once each and in this order.
 */
export function fillSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [before, ...rest] = page.split(begin);
  const [old, after, ...more] = rest.join(begin).split(end);
  if (rest.length !== 1 || old === undefined || after === undefined || more.length > 0) {
    throw new Error(`Cannot fill the page: expected "${begin}" and "${end}", once each`);
  }
  return `${before}${begin}\n\n${content.trim()}\n\n${end}${after}`;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Words that YAML 1.2, or a reader of the older 1.1, would not take for text. */
const NOT_TEXT = /^(null|true|false|yes|no|on|off|y|n)$/i;

/** A value of the configuration as YAML in one line; what is not plain is written as JSON. */
export function yamlText(value: unknown): string {
  const plain =
    typeof value === 'string' && /^[a-z/][\w./:-]*(?<!:)$/i.test(value) && !NOT_TEXT.test(value);
  return plain ? value : JSON.stringify(value);
}

import { Type } from 'typebox';

/**
 * What is told to Home Assistant, as far as both forms have it in common. The form is Home
 * Assistant's own: without a version of ours, and whole only in its documentation.
 */
export const DISCOVERY_SCHEMA = Type.Union(
  [
    Type.Object({
      device: Type.Object({
        identifiers: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
        name: Type.String({ minLength: 1 }),
      }),
      origin: Type.Object({ name: Type.String(), sw_version: Type.String() }),
      components: Type.Optional(
        Type.Record(Type.String(), Type.Object({ platform: Type.String() }), {
          description: 'Entities and triggers by their ids, where the topic is that of a device.',
        }),
      ),
    }),
    Type.Object({
      migrate_discovery: Type.Literal(true, {
        description: 'The entities go on at other topics.',
      }),
    }),
  ],
  {
    title: 'discovery',
    description:
      'A device or an entity for Home Assistant: https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery',
  },
);

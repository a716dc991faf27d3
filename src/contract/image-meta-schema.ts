import { Type } from 'typebox';
import { countSchema, timestampSchema, versionField } from './common-schemas.js';
import { BOX_SCHEMA } from './event-schema.js';
import type { PayloadOf } from './payload-of.js';

export const IMAGE_META_SCHEMA = Type.Object(
  {
    ...versionField,
    seq: Type.Integer({ minimum: 1, description: 'Counts the pictures of this run.' }),
    event_id: Type.String({ description: '`id` of the event that it was taken for.' }),
    track_id: Type.String({ description: '`object.track_id` of that event.' }),
    label: Type.String({ description: 'As the model gives it.' }),
    capture: timestampSchema('When the frame was taken.'),
    box: BOX_SCHEMA,
    drawn: Type.Boolean({ description: 'Whether the box is drawn over the picture.' }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: "Of the picture's bytes." }),
    bytes: countSchema("The picture's size."),
    w: countSchema('Width in pixels.'),
    h: countSchema('Height in pixels.'),
  },
  { title: 'image-meta', description: 'What the picture that comes next shows.' },
);

/** Topics `cam/{c}/image/{l}/meta`: what the picture that comes next shows. */
export type ImageMetaPayload = PayloadOf<typeof IMAGE_META_SCHEMA>;

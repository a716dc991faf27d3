import { Type } from 'typebox';
import { versionField } from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';

export const MODEL_UPDATE_SCHEMA = Type.Object(
  {
    ...versionField,
    installed_version: Type.String({ description: 'Name of the active model.' }),
    latest_version: Type.String({
      description:
        'Name of the model beside it whose file was changed last, where that is newer than the active one and was not refused; else that of the active one.',
    }),
  },
  { title: 'model-update', description: 'Whether there is a newer model to be brought in.' },
);

/** Topic `model/update`: whether there is a newer model to be brought in. */
export type ModelUpdatePayload = PayloadOf<typeof MODEL_UPDATE_SCHEMA>;

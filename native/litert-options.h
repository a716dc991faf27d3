/*
 * How a model is to be compiled. Knows nothing of JavaScript.
 */
#ifndef LOOKOUT_LITERT_OPTIONS_H
#define LOOKOUT_LITERT_OPTIONS_H

#include "litert-model.h"

/* Gives true where the library did what `step` names. */
bool done(litert_status status, const char *step, struct reason *reason);

/* Makes the model's options: the library's own for the processor as lines of TOML, and the operators
 * that are ours. */
bool model_create_options(struct model *model, const char *cpu_options, struct reason *reason);

#endif

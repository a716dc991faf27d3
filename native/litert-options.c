#define _GNU_SOURCE /* strdup */
#include "litert-options.h"

#include <stdlib.h>
#include <string.h>

bool done(litert_status status, const char *step, struct reason *reason) {
  return status == 0 || refuse(reason, "%s: %s (LiteRT status %d)", step,
                               litert_status_text(status), status);
}

static bool add_options(struct model *model, const char *kind, const char *toml,
                        struct reason *reason) {
  char *copy = strdup(toml);
  litert_opaque_options options;
  if (!copy) {
    return refuse(reason, "out of memory");
  }
  litert_status status = litert.CreateOpaqueOptions(kind, copy, free, &options);
  if (status != 0) {
    free(copy);
    return done(status, "options", reason);
  }
  return done(litert.AddOpaqueOptions(model->options, options), "options", reason);
}

static bool add_detection_head(struct model *model, struct reason *reason) {
  model->head = detection_head_create();
  if (!model->head) {
    return refuse(reason, "out of memory");
  }
  return done(litert.AddCustomOpKernelOption(model->options, DETECTION_HEAD_NAME,
                                             DETECTION_HEAD_VERSION, &detection_head_operator,
                                             model->head),
              "options", reason);
}

/* The first names no reporter of errors, so that they are said where litert-said.h listens. */
bool model_create_options(struct model *model, const char *cpu_options, struct reason *reason) {
  return done(litert.CreateOptions(&model->options), "options", reason) &&
         done(litert.SetOptionsHardwareAccelerators(model->options, LITERT_CPU), "options",
              reason) &&
         add_options(model, "runtime_options_string", "error_reporter_mode = 0\n", reason) &&
         add_options(model, "xnnpack", cpu_options, reason) && add_detection_head(model, reason);
}

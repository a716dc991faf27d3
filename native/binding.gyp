{
  "targets": [
    {
      "target_name": "notify",
      "sources": ["notify.c"],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O2"]
    },
    {
      "target_name": "pipe",
      "sources": ["pipe.c"],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O2"]
    },
    {
      "target_name": "preprocess",
      "sources": ["preprocess.c", "pixel-plan.c", "resample.c"],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O3"]
    },
    {
      "target_name": "litert",
      "sources": [
        "litert.c", "litert-api.c", "litert-model.c", "litert-options.c", "litert-said.c",
        "litert-tensor.c", "detection-head.c"
      ],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O3"],
      "libraries": ["-ldl", "-lpthread"],
      # It holds the stream that replaces stdio's: never to be unloaded with a thread.
      "ldflags": ["-Wl,-z,nodelete"]
    },
    {
      "target_name": "decode-video",
      "type": "executable",
      "sources": ["decode-video.c", "file-pages.c", "libav.c", "page-pipe.c", "picture-scaler.c"],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O2"],
      "libraries": ["-ldl", "-lm"]
    },
    {
      "target_name": "luma",
      "sources": ["luma.c"],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O3"]
    },
    {
      "target_name": "memory",
      "sources": ["memory.c", "file-pages.c"],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O2"]
    }
  ]
}

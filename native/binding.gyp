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
    }
  ]
}

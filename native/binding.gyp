{
  "targets": [
    {
      "target_name": "notify",
      "sources": ["notify.c"],
      "cflags": ["-std=c11", "-Wall", "-Wextra", "-O2"]
    }
  ]
}

/*
 * One message to a service manager's notification socket, see sd_notify(3): Node has no AF_UNIX
 * datagram sockets. Stateless, so it may be loaded in any number of threads.
 *
 *   send(socketPath: string, message: string): number
 *
 * `socketPath` starts with "/" (file) or "@" (abstract name). Never blocks. Gives 0 when the
 * message was handed over, otherwise the negated errno, as util.getSystemErrorName() takes it:
 * -EAGAIN when the receiver's queue is full. Throws a TypeError for other arguments than strings.
 */
#define NAPI_VERSION 8
#include <errno.h>
#include <node_api.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The service manager refuses longer messages. */
#define MESSAGE_MAX_BYTES 4096

/* Copies a string argument with its final NUL; gives its length, or -1 if it does not fit. The
 * length is asked for first, because Node-API cuts what is too long in silence. */
static ssize_t copy_string(napi_env env, napi_value value, char *buffer, size_t size) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, NULL, 0, &length);
  if (length >= size) {
    return -1;
  }
  napi_get_value_string_utf8(env, value, buffer, size, &length);
  return (ssize_t)length;
}

static int is_string(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_string;
}

/* Fills in the address and gives its length, 0 if the path is of neither kind. */
static socklen_t address_of(const char *path, size_t length, struct sockaddr_un *address) {
  if (length < 2 || (path[0] != '/' && path[0] != '@')) {
    return 0;
  }
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, length);
  size_t size = offsetof(struct sockaddr_un, sun_path) + length;
  if (path[0] == '/') {
    return (socklen_t)(size + 1); /* a file's name counts its final NUL */
  }
  /* An abstract name starts with NUL, and every byte of the length belongs to it. */
  address->sun_path[0] = '\0';
  return (socklen_t)size;
}

/* A socket a message: the address is looked up anew each time, so a manager that re-executes
 * itself is found again, and there is nothing to release when a thread ends. */
static int send_datagram(const struct sockaddr_un *address, socklen_t address_length,
                         const char *message, size_t message_length) {
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -errno;
  }
  ssize_t sent = sendto(fd, message, message_length, MSG_DONTWAIT | MSG_NOSIGNAL,
                        (const struct sockaddr *)address, address_length);
  int result = sent < 0 ? -errno : 0;
  close(fd);
  return result;
}

static napi_value send_message(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (!is_string(env, arguments[0]) || !is_string(env, arguments[1])) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE",
                          "send() takes two strings: socketPath, message");
    return NULL;
  }

  struct sockaddr_un address;
  char path[sizeof address.sun_path];
  char message[MESSAGE_MAX_BYTES + 1];
  ssize_t path_length = copy_string(env, arguments[0], path, sizeof path);
  ssize_t message_length = copy_string(env, arguments[1], message, sizeof message);

  int result;
  if (path_length < 0) {
    result = -ENAMETOOLONG;
  } else if (message_length < 0) {
    result = -EMSGSIZE;
  } else {
    socklen_t address_length = address_of(path, (size_t)path_length, &address);
    result = address_length == 0
                 ? -EINVAL
                 : send_datagram(&address, address_length, message, (size_t)message_length);
  }
  napi_value value;
  napi_create_int32(env, result, &value);
  return value;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_status status =
      napi_create_function(env, "send", NAPI_AUTO_LENGTH, send_message, NULL, &function);
  if (status == napi_ok) {
    napi_set_named_property(env, exports, "send", function);
  }
  return exports;
}

// What gobind's C needs of Android's log, on a host: standard error.
#ifndef TASKNET_ANDROID_LOG_H
#define TASKNET_ANDROID_LOG_H

#include <stdio.h>

#define ANDROID_LOG_INFO 4
#define ANDROID_LOG_ERROR 6
#define ANDROID_LOG_FATAL 7

#define __android_log_print(level, tag, ...) (fprintf(stderr, "%s: ", tag), fprintf(stderr, __VA_ARGS__), fputc('\n', stderr))
#define __android_log_write(level, tag, text) fprintf(stderr, "%s: %s\n", tag, text)

#endif

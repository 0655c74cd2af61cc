/* Log lines. */
#include "runtime/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

void
jn_say(enum jn_level level, const char *service, const char *format, ...)
{
    static const char *const levels[] = {"info", "warning", "error"};
    char text[900];
    struct timespec now;
    struct tm utc;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    fprintf(stderr, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ level=%s service=%s %s\n", utc.tm_year + 1900, utc.tm_mon + 1,
            utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec / 1000000, levels[level], service, text);
}

/* What a service still does when it is killed by what it reads. */
#ifndef RUNTIME_CRASH_H
#define RUNTIME_CRASH_H

/* From here on a signal such as SIGBUS (a file was cut short under its map) or SIGABRT (an assertion) is told in a
 * sentence, and the mark, a file, is emptied: tables on which a service has crashed are made again at its next start.
 * Both arguments stay the caller's and must last. */
void jn_crash_watch(const char *service, const char *mark);

#endif

/* Log lines: time, level, service, what happened, key=value. Never personal data: what is said is counted and numbered.
 */
#ifndef RUNTIME_SAY_H
#define RUNTIME_SAY_H

enum jn_level { JN_INFO, JN_WARNING, JN_ERROR };

/* One line to standard error: 2026-01-02T03:04:05.678Z level=info service=ledger TEXT */
void jn_say(enum jn_level level, const char *service, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif

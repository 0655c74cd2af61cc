/* Dates (日期) as days since 1970-01-01 in the city's time zone, UTC+8. */
#ifndef DOMAIN_DATE_H
#define DOMAIN_DATE_H

#include <stdbool.h>
#include <stdint.h>

struct date {
    int year;  /* 1900 to 2199 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* "2020-02-29" exactly; false for a date that does not exist or a year out of range. */
bool date_parse(const char *text, int32_t *day);

/* Writes "YYYY-MM-DD"; returns buf. */
#define DATE_TEXT 16
char *date_format(int32_t day, char buf[DATE_TEXT]);

/* "YYYY-MM-DD hh:mm:ss", UTC+8; returns buf. */
#define DATE_TIME_TEXT 40
char *date_time_format(int64_t time_ms, char buf[DATE_TIME_TEXT]);

struct date date_of(int32_t day);
bool date_make(int year, int month, int day, int32_t *out);

/* 0 is Monday. */
int date_weekday(int32_t day);

/* Months between start and the day after end, less one where that day's number in the month is smaller than start's. */
int date_months(int32_t start, int32_t end);

/* The city's clock: midnight (UTC+8) of a day, and the day of a moment. */
int64_t date_to_ms(int32_t day);
int32_t date_of_ms(int64_t ms);

#endif

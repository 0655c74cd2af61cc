/* The official working-day calendar: the week's rule and a table of the days that differ from it. */
#include "domain/calendar.h"

#include <stddef.h>
#include <stdlib.h>

#include "domain/date.h"

struct calendar_day {
    int32_t date; /* 20200131: readable in the table, and in the order of time */
    bool working;
};

/* deploy/calendar/china-2019-2026.csv; a test holds the two together. */
static const struct calendar_day days[] = {
#include "domain/calendar_days.inc"
};

static int
compare(const void *key, const void *element)
{
    int32_t date = *(const int32_t *)key;
    const struct calendar_day *day = element;

    return (date > day->date) - (date < day->date);
}

bool
calendar_is_working_day(int32_t day)
{
    struct date date = date_of(day);
    int32_t key = date.year * 10000 + date.month * 100 + date.day;
    const struct calendar_day *special = bsearch(&key, days, sizeof(days) / sizeof(days[0]), sizeof(days[0]), compare);

    return special ? special->working : date_weekday(day) < 5;
}

int32_t
calendar_last_day(void)
{
    int32_t last = 0;

    date_make(days[sizeof(days) / sizeof(days[0]) - 1].date / 10000, 12, 31, &last);
    return last;
}

/* Ends: no rest is longer than ten days (Spring Festival 2020), so 250 working days lie within 250 x 11 steps. */
int32_t
calendar_add_working_days(int32_t day, int working_days)
{
    for (int left = working_days; left > 0;)
        if (calendar_is_working_day(++day))
            left--;
    return day;
}

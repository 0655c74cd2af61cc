/* Dates as days since 1970-01-01: the proleptic Gregorian calendar, counted in eras of 400 years from 1 March. */
#include "domain/date.h"

#include <stdio.h>

#define DAY_MS      INT64_C(86400000)
#define ZONE_MS     INT64_C(28800000) /* UTC+8; China keeps no summer time */
#define ERA_DAYS    146097
#define EPOCH_SHIFT 719468 /* days from 0000-03-01 to 1970-01-01 */

static const int month_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static bool
leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool
date_make(int year, int month, int day, int32_t *out)
{
    int y, era, year_of_era, day_of_year;

    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1)
        return false;
    if (day > month_days[month - 1] + (month == 2 && leap(year)))
        return false;
    y = month <= 2 ? year - 1 : year;
    era = y / 400;
    year_of_era = y - era * 400;
    day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    *out = era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH_SHIFT;
    return true;
}

struct date
date_of(int32_t day)
{
    int64_t z = (int64_t)day + EPOCH_SHIFT;
    int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
    int doe = (int)(z - era * ERA_DAYS);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    struct date out;

    out.day = doy - (153 * mp + 2) / 5 + 1;
    out.month = mp < 10 ? mp + 3 : mp - 9;
    out.year = (int)(yoe + era * 400) + (out.month <= 2);
    return out;
}

bool
date_parse(const char *text, int32_t *day)
{
    static const char shape[] = "dddd-dd-dd";
    int part[3] = {0, 0, 0};
    int at = 0;

    for (int i = 0; i < 10; i++) {
        if (shape[i] == '-') {
            if (text[i] != '-')
                return false;
            at++;
            continue;
        }
        if (text[i] < '0' || text[i] > '9')
            return false;
        part[at] = part[at] * 10 + (text[i] - '0');
    }
    return text[10] == '\0' && date_make(part[0], part[1], part[2], day);
}

char *
date_format(int32_t day, char buf[DATE_TEXT])
{
    struct date date = date_of(day);

    snprintf(buf, DATE_TEXT, "%04d-%02d-%02d", date.year, date.month, date.day);
    return buf;
}

char *
date_time_format(int64_t time_ms, char buf[DATE_TIME_TEXT])
{
    char day[DATE_TEXT];
    int64_t of_day = (time_ms - date_to_ms(date_of_ms(time_ms))) / 1000;

    snprintf(buf, DATE_TIME_TEXT, "%s %02d:%02d:%02d", date_format(date_of_ms(time_ms), day), (int)(of_day / 3600),
             (int)(of_day / 60 % 60), (int)(of_day % 60));
    return buf;
}

int
date_weekday(int32_t day)
{
    int64_t since_monday = (int64_t)day + 3; /* 1970-01-01 was a Thursday */

    return (int)(((since_monday % 7) + 7) % 7);
}

int
date_months(int32_t start, int32_t end)
{
    struct date from = date_of(start);
    struct date to = date_of(end + 1);

    return (to.year - from.year) * 12 + to.month - from.month - (to.day < from.day);
}

int64_t
date_to_ms(int32_t day)
{
    return (int64_t)day * DAY_MS - ZONE_MS;
}

int32_t
date_of_ms(int64_t ms)
{
    int64_t local = ms + ZONE_MS;

    return (int32_t)(local >= 0 ? local / DAY_MS : -((DAY_MS - 1 - local) / DAY_MS));
}

/* The official working-day calendar (工作日历): weekends, holidays, make-up days (调休) as data. */
#ifndef DOMAIN_CALENDAR_H
#define DOMAIN_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* Days that differ from the week's rule, from 2019 on: compiled in from the list beside the policy pack, so that a fold
 * needs no file. Before and after the list's years the week's rule alone holds. */
bool calendar_is_working_day(int32_t day);

/* The last day of the list's last year. */
int32_t calendar_last_day(void);

/* The day that lies `working_days` working days after `day` (the day itself does not count). working_days 0 to 250. */
int32_t calendar_add_working_days(int32_t day, int working_days);

#endif

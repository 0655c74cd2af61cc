/* The official working-day calendar (工作日历): weekends, holidays, make-up days (调休) as data. */
#ifndef DOMAIN_CALENDAR_H
#define DOMAIN_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* Days that differ from the week's rule, 2019 to 2022: compiled in from the list beside the policy pack, so that a fold
 * needs no file. */
bool calendar_is_working_day(int32_t day);

/* The day that lies `working_days` working days after `day` (the day itself does not count). working_days 0 to 250. */
int32_t calendar_add_working_days(int32_t day, int working_days);

#endif

/* Identifiers that others issue: citizen numbers, credit codes, certificate numbers, occupations, divisions. */
#ifndef DOMAIN_IDENTIFIERS_H
#define DOMAIN_IDENTIFIERS_H

#include <stdbool.h>
#include <stdint.h>

#define CITIZEN_TEXT    19 /* 18 characters and the end */
#define CREDIT_TEXT     19
#define OCCUPATION_TEXT 11 /* d-dd-dd-dd */

enum identifier_fault {
    IDENTIFIER_OK = 0,
    IDENTIFIER_FORM,  /* wrong length or characters */
    IDENTIFIER_CHECK, /* wrong check digit */
    IDENTIFIER_DATE,  /* a birth date that does not exist */
    IDENTIFIER_EATEN, /* ends in 000 and fails its check: a spreadsheet has eaten it */
    IDENTIFIER_LEVEL, /* a certificate number of another level than the row's */
    IDENTIFIER_YEAR,  /* a certificate number of another year than the row's */
};

/* GB 11643-1999. Puts full-width digits and x right on the way: *mended tells so. out is written where OK. */
enum identifier_fault citizen_number(const char *text, char out[CITIZEN_TEXT], bool *mended);

/* GB 32100-2015. *inner_wrong where the organisation code inside (GB 11714) fails its own check: a note, not a fault.
 */
enum identifier_fault credit_code(const char *text, char out[CREDIT_TEXT], bool *inner_wrong);

/* The number of a certificate against its kind (common.CertificateKind), level and year; kinds without a form of their
 * own pass with 1 to 64 bytes, none of them a control character. */
enum identifier_fault certificate_number(const char *text, int kind, int level, int year);

/* d-dd-dd-dd. */
bool occupation_code(const char *text);

/* Six digits, GB/T 2260. */
bool division_code(const char *text, uint32_t *out);

const char *identifier_fault_text(enum identifier_fault fault);

/* For people's eyes and reports: 130199********0664, 陈**. Never the whole. */
#define MASK_TEXT 64
char *mask_citizen(const char *number, char out[MASK_TEXT]);
char *mask_name(const char *name, char out[MASK_TEXT]);

#endif

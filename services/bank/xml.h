/* XML as a stream: what is at the paths that somebody asked for, and nothing of the rest. No entities, no DTD, no
 * network; size, depth and the length of tags are bounded. */
#ifndef BANK_XML_H
#define BANK_XML_H

#include <libxml/xmlwriter.h>

#include "bank/bank.h"

/* ---- Read ---- */

#define XML_STEPS_MAX 64

/* What is done at one path: "Document/CstmrPmtStsRpt/GrpHdr/MsgId", or an attribute, ".../Amt/@Ccy". Each function may
 * be NULL; false stops the reading, with the fault put where bank_xml_read was told. */
struct xml_step {
    const char *path;
    bool many; /* it may be there several times in what it is part of; else that is malformed */
    bool (*begin)(void *context, size_t line);
    bool (*take)(void *context,
                 const char *text); /* its own text, without blanks around; BANK_FIELD_MAX bytes at most */
    bool (*end)(void *context);
};

/* The namespace of the root element, copied; NULL with the fault where the text is no XML that we take. */
const char *bank_xml_namespace(struct jn_arena *arena, const struct bank_bytes *text, struct bank_fault *fault);
bool bank_xml_read(const struct bank_bytes *text, const char *space, const struct xml_step *steps, size_t count,
                   void *context, struct bank_fault *fault);

/* ---- Written ---- */

/* In memory; a disk is not asked, so nothing fails but for want of memory, which ends the process. */
struct xml_out {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
};
void xml_open(struct xml_out *out, const char *space, enum bank_encoding encoding);
const struct bank_bytes *xml_close(struct xml_out *out, struct jn_arena *arena);
void xml_begin(struct xml_out *out, const char *name);
void xml_end(struct xml_out *out, size_t elements);
void xml_text(struct xml_out *out, const char *name, const char *text);
void xml_count(struct xml_out *out, const char *name, uint64_t count);
void xml_amount(struct xml_out *out, const char *name, int64_t fen, const char *currency); /* NULL: a bare number */
/* The day's midnight: files that say the same are the same. */
void xml_moment(struct xml_out *out, const char *name, int32_t day);
void xml_day(struct xml_out *out, const char *name, int32_t day);
/* Id of an account; an agent by its 12-digit line number (CNAPS), else by name. */
void xml_account(struct xml_out *out, const char *name, const char *account);
void xml_agent(struct xml_out *out, const char *name, const char *bank);

#endif

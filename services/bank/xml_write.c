/* XML written as a stream, in memory. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/xml.h"
#include "domain/date.h"
#include "domain/money.h"
#include "runtime/code.h"

static const xmlChar *
utf8(const char *text)
{
    return (const xmlChar *)text;
}

void
xml_open(struct xml_out *out, const char *space, enum bank_encoding encoding)
{
    out->buffer = xmlBufferCreate();
    JN_ASSERT(out->buffer);
    out->writer = xmlNewTextWriterMemory(out->buffer, 0);
    JN_ASSERT(out->writer);
    xmlTextWriterSetIndent(out->writer, 1);
    /* Not by the writer itself, which would convert to GBK and put numbers for what that does not have. */
    xmlTextWriterWriteFormatRaw(out->writer, "<?xml version=\"1.0\" encoding=\"%s\"?>\n",
                                encoding == BANK_GBK ? "GBK" : "UTF-8");
    xmlTextWriterStartElement(out->writer, utf8("Document"));
    xmlTextWriterWriteAttribute(out->writer, utf8("xmlns"), utf8(space));
}

const struct bank_bytes *
xml_close(struct xml_out *out, struct jn_arena *arena)
{
    struct bank_bytes *bytes = jn_arena_take(arena, sizeof(*bytes));
    int length;

    xmlTextWriterEndDocument(out->writer);
    xmlFreeTextWriter(out->writer);
    length = xmlBufferLength(out->buffer);
    JN_ASSERT(length > 0);
    bytes->bytes = jn_arena_copy(arena, xmlBufferContent(out->buffer), (size_t)length + 1);
    bytes->length = (size_t)length;
    xmlBufferFree(out->buffer);
    return bytes;
}

void
xml_begin(struct xml_out *out, const char *name)
{
    JN_ASSERT(xmlTextWriterStartElement(out->writer, utf8(name)) >= 0);
}

void
xml_end(struct xml_out *out, size_t elements)
{
    for (size_t i = 0; i < elements; i++)
        JN_ASSERT(xmlTextWriterEndElement(out->writer) >= 0);
}

void
xml_text(struct xml_out *out, const char *name, const char *text)
{
    JN_ASSERT(xmlTextWriterWriteElement(out->writer, utf8(name), utf8(text)) >= 0);
}

void
xml_count(struct xml_out *out, const char *name, uint64_t count)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, count);
    xml_text(out, name, text);
}

void
xml_amount(struct xml_out *out, const char *name, int64_t fen, const char *currency)
{
    char text[MONEY_TEXT];

    xml_begin(out, name);
    if (currency)
        xmlTextWriterWriteAttribute(out->writer, utf8("Ccy"), utf8(currency));
    xmlTextWriterWriteString(out->writer, utf8(money_format(fen, text)));
    xml_end(out, 1);
}

void
xml_moment(struct xml_out *out, const char *name, int32_t day)
{
    char date[DATE_TEXT], text[DATE_TEXT + 16];

    snprintf(text, sizeof(text), "%sT00:00:00+08:00", date_format(day, date));
    xml_text(out, name, text);
}

void
xml_day(struct xml_out *out, const char *name, int32_t day)
{
    char date[DATE_TEXT];

    xml_begin(out, name);
    xml_text(out, "Dt", date_format(day, date));
    xml_end(out, 1);
}

void
xml_account(struct xml_out *out, const char *name, const char *account)
{
    xml_begin(out, name);
    xml_begin(out, "Id");
    xml_begin(out, "Othr");
    xml_text(out, "Id", account);
    xml_end(out, 3);
}

static bool
is_line_number(const char *bank)
{
    return strlen(bank) == 12 && strspn(bank, "0123456789") == 12;
}

void
xml_agent(struct xml_out *out, const char *name, const char *bank)
{
    xml_begin(out, name);
    xml_begin(out, "FinInstnId");
    if (is_line_number(bank)) {
        xml_begin(out, "ClrSysMmbId");
        xml_begin(out, "ClrSysId");
        xml_text(out, "Cd", "CNAPS");
        xml_end(out, 1);
        xml_text(out, "MmbId", bank);
        xml_end(out, 1);
    } else {
        xml_text(out, "Nm", *bank ? bank : "NOTPROVIDED");
    }
    xml_end(out, 2);
}

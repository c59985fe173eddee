/* format.c: see format.h. */
#include "format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Small numbers are easier to read in decimal. */
static void format_hex(char *text, size_t size, uint64_t number)
{
	snprintf(text, size, number < 10 ? "%" PRIu64 : "0x%" PRIx64, number);
}

/* A value that is a word is that word; a sum of words is them, joined; a value
 * with any other bit is a number. */
static void format_words(char text[VALUE_TEXT], const struct words *words, uint64_t number)
{
	uint64_t rest = number;
	size_t used = 0;
	for (unsigned i = 0; i < words->count; i++) {
		if (words->word[i].value == number) {
			snprintf(text, VALUE_TEXT, "%s", words->word[i].text);
			return;
		}
	}
	for (unsigned i = 0; i < words->count && words->flags; i++) {
		uint32_t value = words->word[i].value;
		if (value == 0 || (rest & value) != value)
			continue;
		rest &= ~(uint64_t)value;
		used += (size_t)snprintf(text + used, VALUE_TEXT - used, "%s%s", used ? "|" : "",
		                         words->word[i].text);
	}
	if (rest != 0 || used == 0)
		format_hex(text, VALUE_TEXT, number);
}

/* A protection is one base value with modifiers; any other pattern prints as a
 * number, so that two base values do not read as if they were legal. */
static bool is_protection(uint64_t number)
{
	uint64_t base = number & 0xff;
	return base != 0 && (base & (base - 1)) == 0;
}

static void format_address(char text[VALUE_TEXT], const char *name, uint64_t number)
{
	char offset[32];
	bool minus = number >> 63 != 0;
	format_hex(offset, sizeof offset, name != NULL && minus ? 0 - number : number);
	if (name == NULL)
		snprintf(text, VALUE_TEXT, "%s", offset);
	else if (number == 0)
		snprintf(text, VALUE_TEXT, "%s", name);
	else
		snprintf(text, VALUE_TEXT, "%s%c%s", name, minus ? '-' : '+', offset);
}

static void format_tag(char text[VALUE_TEXT], uint64_t number)
{
	unsigned length = 0;
	for (; length < 4 && (number >> 8 * length & 0xff) != 0; length++) {
		char byte = (char)(number >> 8 * length);
		if (byte <= ' ' || byte >= 0x7f || byte == '#')
			break;
		text[length] = byte;
	}
	text[length] = '\0';
	if (length == 0 || number >> 8 * length != 0)
		snprintf(text, VALUE_TEXT, "0x%08" PRIx64, number);
}

void value_format(char text[VALUE_TEXT], enum kind kind, const char *name, uint64_t number)
{
	const struct words *words = kind_words(kind);
	if (kind == KIND_PROTECT && !is_protection(number))
		format_hex(text, VALUE_TEXT, number);
	else if (words != NULL)
		format_words(text, words, number);
	else if (kind == KIND_ADDRESS)
		format_address(text, name, number);
	else if (kind == KIND_PROCESS || kind == KIND_NAME)
		snprintf(text, VALUE_TEXT, "%s", name == NULL ? "P0" : name);
	else if (kind == KIND_TAG)
		format_tag(text, number);
	else if (kind == KIND_WIDTH)
		snprintf(text, VALUE_TEXT, "u%" PRIu64, 8 * number);
	else if (kind == KIND_SIZE)
		format_hex(text, VALUE_TEXT, number);
	else
		snprintf(text, VALUE_TEXT, "%" PRIu64, number);
}

const char *name_text(name_ref ref, char *const *name, char own[16])
{
	if (ref == 0)
		return "P0";
	if (name != NULL)
		return name[ref - 1];
	snprintf(own, 16, "r%u", ref - 1u);
	return own;
}

const char *status_text(vmm_status status, char own[16])
{
	const char *name = outcome_name(status);
	if (name == NULL) {
		snprintf(own, 16, "0x%08" PRIx32, (uint32_t)status);
		name = own;
	}
	return name;
}

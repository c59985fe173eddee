/* expect.c: an outcome held against what its line expects. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format.h"

/* ---- Statuses ------------------------------------------------------------------ */

static bool is_text(const struct expected_status *expected, const char *text)
{
	return strlen(text) == expected->length &&
	       memcmp(text, expected->text, expected->length) == 0;
}

static bool status_holds(const struct expected_status *expected, vmm_status status)
{
	if (is_text(expected, "FAIL"))
		return !VMM_OK(status);
	if (is_text(expected, "INVALID_PARAMETER") && status >= VMM_INVALID_PARAMETER_1 &&
	    status <= VMM_INVALID_PARAMETER_12)
		return true;
	const char *name = outcome_name(status);
	if (name == NULL)
		return false;
	if (expected->text[expected->length - 1] == '*')
		return strncmp(name, expected->text, expected->length - 1) == 0;
	return is_text(expected, name);
}

/* The alternatives stand in a row in the source: "A|B". */
static bool statuses_hold(const struct trace *trace, const struct trace_line *line,
                          const struct outcome *outcome, char *why, size_t size)
{
	const struct expected_status *first = &trace->status[line->first_status];
	for (uint32_t i = 0; i < line->status_count; i++)
		if (status_holds(&first[i], outcome->status))
			return true;
	const struct expected_status *last = &first[line->status_count - 1];
	char own[16];
	snprintf(why, size, "expected %.*s, got %s", (int)(last->text + last->length - first->text),
	         first->text, status_text(outcome->status, own));
	return false;
}

/* ---- Results ------------------------------------------------------------------- */

/* False: the name is bound to nothing. */
static bool resolve(const struct binding *binding, name_ref name, uint64_t number, uint64_t *value)
{
	*value = number;
	if (name == 0)
		return true;
	*value += binding[name - 1].value;
	return binding[name - 1].bound;
}

static bool compare_numbers(const struct expected_result *expected, uint64_t got, uint64_t wanted)
{
	switch ((enum compare)expected->compare) {
	case COMPARE_EQ: return got == wanted;
	case COMPARE_NE: return got != wanted;
	case COMPARE_LT: return got < wanted;
	case COMPARE_LE: return got <= wanted;
	case COMPARE_GT: return got > wanted;
	case COMPARE_GE: return got >= wanted;
	case COMPARE_MOD: return got % expected->modulus == wanted;
	}
	return false;
}

/* "=", "!=", ... or "%0x1000=" as they stand behind the key. */
static void sign_text(const struct expected_result *expected, char *text, size_t size)
{
	static const char *const sign[] = { "=", "!=", "<", "<=", ">", ">=", "" };
	snprintf(text, size, "%s", sign[expected->compare]);
	if (expected->compare == COMPARE_MOD)
		snprintf(text, size, "%%0x%" PRIx64 "=", expected->modulus);
}

struct check {
	const struct trace *trace;
	const struct op_result *row;
	const struct expected_result *expected;
	const struct outcome *outcome;
	const struct binding *binding;
	char *why;
	size_t size;
};

static bool refuse_unbound(const struct check *check, name_ref name)
{
	snprintf(check->why, check->size, "`%s` is compared with `%s`, which is not bound",
	         check->row->key, check->trace->name[name - 1]);
	return false;
}

static bool number_holds(const struct check *check, uint64_t got)
{
	const struct expected_result *expected = check->expected;
	const char *key = check->row->key;
	uint64_t wanted;
	if (!resolve(check->binding, expected->name, expected->number, &wanted))
		return refuse_unbound(check, expected->name);
	if (compare_numbers(expected, got, wanted))
		return true;
	char sign[32], want_text[VALUE_TEXT], got_text[VALUE_TEXT];
	sign_text(expected, sign, sizeof sign);
	value_format(want_text, check->row->kind, NULL, wanted);
	value_format(got_text, check->row->kind, NULL, got);
	snprintf(check->why, check->size, "expected %s%s%s, got %s=%s", key, sign, want_text, key,
	         got_text);
	return false;
}

static bool bytes_hold(const struct check *check, uint64_t count)
{
	const struct expected_result *expected = check->expected;
	const uint8_t *wanted = program_bytes(&check->trace->program, expected->first);
	const char *key = check->row->key;
	uint64_t shorter = count < expected->number ? count : expected->number, same = 0;
	while (same < shorter && wanted[same] == check->outcome->bytes[same])
		same++;
	bool equal = same == count && same == expected->number;
	if (equal == (expected->compare == COMPARE_EQ))
		return true;
	if (equal)
		snprintf(check->why, check->size, "expected other %s, got the same %" PRIu64, key,
		         count);
	else if (same < shorter)
		snprintf(check->why, check->size, "expected %s with %02x at %" PRIu64 ", got %02x",
		         key, wanted[same], same, check->outcome->bytes[same]);
	else
		snprintf(check->why, check->size, "expected %" PRIu64 " %s, got %" PRIu64,
		         expected->number, key, count);
	return false;
}

static bool list_holds(const struct check *check, uint64_t count)
{
	const struct expected_result *expected = check->expected;
	const char *key = check->row->key;
	bool equal = count == expected->number;
	uint64_t wanted = 0, at = 0;
	for (uint64_t i = 0; i < expected->number; i++) {
		const struct list_element *element = &check->trace->element[expected->first + i];
		if (!resolve(check->binding, element->name, element->number, &wanted))
			return refuse_unbound(check, element->name);
		if (!equal || check->outcome->list[i] == wanted)
			continue;
		equal = false;
		at = i;
		break;
	}
	if (equal == (expected->compare == COMPARE_EQ))
		return true;
	if (equal)
		snprintf(check->why, check->size, "expected other %s, got the same %" PRIu64, key,
		         count);
	else if (count != expected->number)
		snprintf(check->why, check->size, "expected %" PRIu64 " %s, got %" PRIu64,
		         expected->number, key, count);
	else
		snprintf(check->why, check->size,
		         "expected %s with 0x%" PRIx64 " at place %" PRIu64 ", got 0x%" PRIx64, key,
		         wanted, at + 1, check->outcome->list[at]);
	return false;
}

static bool result_holds(const struct check *check)
{
	unsigned index = check->expected->result;
	uint64_t got = check->outcome->out[index];
	if ((check->outcome->present & 1u << index) == 0) {
		snprintf(check->why, check->size, "no `%s` came back", check->row->key);
		return false;
	}
	if (check->row->kind == KIND_BYTES)
		return bytes_hold(check, got);
	if (check->row->kind == KIND_ADDRESS_LIST)
		return list_holds(check, got);
	return number_holds(check, got);
}

bool trace_expect(const struct trace *trace, size_t index, const struct outcome *outcome,
                  const struct binding *binding, char *why, size_t why_size)
{
	const struct trace_line *line = &trace->line[index];
	const struct op_info *info = &ops_table[trace->program.op[index].verb];
	if (!line->expects)
		return true;
	if (!statuses_hold(trace, line, outcome, why, why_size))
		return false;
	for (uint32_t i = 0; i < line->result_count; i++) {
		const struct expected_result *expected = &trace->result[line->first_result + i];
		const struct check check = { trace,   &info->result[expected->result],
			                     expected, outcome, binding, why, why_size };
		if (!result_holds(&check))
			return false;
	}
	return true;
}

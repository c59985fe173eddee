/* claim.h: what the properties are written with, so that two runners serve the
 * same bodies. Criterion is the usual one. With -DCLAIM_PLAIN_RUNNER it is
 * plain/runner.c, in which everything is instrumented: under TSan and MSan
 * Criterion does not start. Words and arguments are Criterion's; here are those
 * that the properties use, and .init alone of the options of a Test.
 *
 * A body that leaks fails. Criterion would let it pass, since LeakSanitizer speaks
 * when the verdict has been given; so it is asked when the body returns. */
#ifndef CLAIM_H
#define CLAIM_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CLAIM_SEES_LEAKS
#include <sanitizer/lsan_interface.h>
#endif
#endif

#ifndef CLAIM_PLAIN_RUNNER

#include <criterion/criterion.h>

#ifdef CLAIM_SEES_LEAKS
#undef Test
#define Test(...) CLAIM_TEST(__VA_ARGS__, .sentinel_ = 0)
#define CLAIM_TEST(suite, name, ...)                                                             \
	static void suite##_##name##_body(void);                                                 \
	CR_TEST_BASE(suite, name, __VA_ARGS__)                                                   \
	{                                                                                        \
		suite##_##name##_body();                                                         \
		cr_assert(__lsan_do_recoverable_leak_check() == 0, "it leaks memory");           \
	}                                                                                        \
	static void suite##_##name##_body(void)
#endif

#else

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct claim {
	const char *suite, *name;
	void (*body)(void);
	void (*init)(void); /* NULL: nothing comes before the body */
	struct claim *next;
};

void claim_register(struct claim *claim);

/* Says what does not hold, with the message whose format comes behind the text, if
 * one does. Returns only when it is not fatal. */
void claim_fails(bool fatal, const char *file, int line, const char *text, ...);

#define Test(...) CLAIM_TEST(__VA_ARGS__, .next = NULL)
#define CLAIM_TEST(suite_, name_, ...)                                                           \
	static void suite_##_##name_##_body(void);                                               \
	__attribute__((constructor)) static void suite_##_##name_##_register(void)               \
	{                                                                                        \
		static struct claim claim = { .suite = #suite_,                                  \
			                      .name = #name_,                                    \
			                      .body = suite_##_##name_##_body,                   \
			                      __VA_ARGS__ };                                     \
		claim_register(&claim);                                                          \
	}                                                                                        \
	static void suite_##_##name_##_body(void)

/* A NULL behind the message that may be there says that none is. */
#define cr_assert(...) CLAIM_HOLDS(true, __VA_ARGS__, NULL)
#define cr_expect(...) CLAIM_HOLDS(false, __VA_ARGS__, NULL)
#define cr_assert_fail(...) claim_fails(true, __FILE__, __LINE__, "", __VA_ARGS__)
#define cr_assert_not(...) CLAIM_NOT(__VA_ARGS__, NULL)
#define cr_assert_null(...) CLAIM_NOT(__VA_ARGS__, NULL)
#define cr_assert_not_null(...) CLAIM_HOLDS(true, __VA_ARGS__, NULL)
#define cr_assert_eq(...) CLAIM_COMPARES(true, ==, __VA_ARGS__, NULL)
#define cr_expect_eq(...) CLAIM_COMPARES(false, ==, __VA_ARGS__, NULL)
#define cr_assert_neq(...) CLAIM_COMPARES(true, !=, __VA_ARGS__, NULL)
#define cr_assert_lt(...) CLAIM_COMPARES(true, <, __VA_ARGS__, NULL)
#define cr_assert_leq(...) CLAIM_COMPARES(true, <=, __VA_ARGS__, NULL)
#define cr_assert_gt(...) CLAIM_COMPARES(true, >, __VA_ARGS__, NULL)
#define cr_assert_geq(...) CLAIM_COMPARES(true, >=, __VA_ARGS__, NULL)
#define cr_assert_str_eq(...) CLAIM_SAME_TEXT(true, __VA_ARGS__, NULL)
#define cr_expect_str_eq(...) CLAIM_SAME_TEXT(false, __VA_ARGS__, NULL)

#define CLAIM_HOLDS(fatal, condition, ...)                                                       \
	((condition) ? (void)0 : claim_fails(fatal, __FILE__, __LINE__, #condition, __VA_ARGS__))
#define CLAIM_NOT(condition, ...) CLAIM_HOLDS(true, !(condition), __VA_ARGS__)
#define CLAIM_COMPARES(fatal, operator, a, b, ...)                                               \
	CLAIM_HOLDS(fatal, (a) operator(b), __VA_ARGS__)
#define CLAIM_SAME_TEXT(fatal, a, b, ...) CLAIM_HOLDS(fatal, strcmp(a, b) == 0, __VA_ARGS__)

#endif
#endif

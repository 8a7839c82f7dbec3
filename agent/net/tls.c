/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

#include "base/macros.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* ---- the files ---------------------------------------------------------- */

/* "cannot read the certificate '/etc/x.pem': no start line": OpenSSL's first word, since
 * those behind it only say where that came up. */
static void explain(char why[TLS_WHY_SIZE], const char *what, const char *file)
{
	unsigned long code = ERR_peek_error();
	const char *reason = ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code))
						    : ERR_reason_error_string(code);

	snprintf(why, TLS_WHY_SIZE, "%s%s%s%s: %s", what, file ? " '" : "",
		file ? file : "", file ? "'" : "", reason ? reason : "unknown reason");
	ERR_clear_error();
}

static bool read_files(
	SSL_CTX *context, const struct tls_settings *settings, char why[TLS_WHY_SIZE])
{
	const char *key = settings->key_file ? settings->key_file : settings->cert_file;

	if (settings->ca_file &&
		SSL_CTX_load_verify_file(context, settings->ca_file) != 1) {
		explain(why, "cannot read the certificates", settings->ca_file);
		return false;
	}
	if (!settings->ca_file)
		SSL_CTX_set_default_verify_paths(context);
	if (!settings->cert_file)
		return true;
	if (SSL_CTX_use_certificate_chain_file(context, settings->cert_file) != 1) {
		explain(why, "cannot read the certificate", settings->cert_file);
		return false;
	}
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
		explain(why, "cannot use the key", key);
		return false;
	}
	return true;
}

static int on_ticket(SSL *ssl, SSL_SESSION *session)
{
	struct tls *tls = SSL_get_app_data(ssl);

	(void)session;
	if (tls)
		tls->has_ticket = true;
	return 0; /* it is not kept */
}

/* A key with a passphrase is refused and not asked for on the terminal. */
static int no_passphrase(char *to, int size, int writing, void *context)
{
	(void)to;
	(void)size;
	(void)writing;
	(void)context;
	return 0;
}

SSL_CTX *tls_context(const struct tls_settings *settings, char why[TLS_WHY_SIZE])
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	ERR_clear_error();
	if (!context) {
		explain(why, "cannot set TLS up", NULL);
		return NULL;
	}
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	SSL_CTX_set_verify(
		context, settings->verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_session_cache_mode(
		context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(context, on_ticket);
	if (read_files(context, settings, why))
		return context;
	SSL_CTX_free(context);
	return NULL;
}

/* ---- a session ---------------------------------------------------------- */

static bool is_address(const char *name)
{
	uint8_t bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, name, bytes) == 1 ||
	       inet_pton(AF_INET6, name, bytes) == 1;
}

/* Names are told to the peer (RFC 6066, section 3: no addresses), both are checked. */
static bool expect_name(SSL *ssl, const char *name, bool verify)
{
	if (is_address(name))
		return !verify ||
		       X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
	/* SSL_set_tlsext_host_name, whose cast takes const away. */
	if (SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
		    without_const(name)) != 1)
		return false;
	return !verify || SSL_set1_host(ssl, name) == 1;
}

/* The reason of the last failure. */
static int fail(struct tls *tls)
{
	long verdict = SSL_get_verify_result(tls->ssl);

	if (!tls->is_up && verdict != X509_V_OK &&
		SSL_get_verify_mode(tls->ssl) != SSL_VERIFY_NONE) {
		snprintf(tls->why, sizeof(tls->why),
			"the receiver's certificate is refused: %s",
			X509_verify_cert_error_string(verdict));
		ERR_clear_error();
	} else {
		explain(tls->why, "TLS failed", NULL);
	}
	return -EPROTO;
}

/* Whether a call that did not succeed only waits for the peer. */
static bool waits(const struct tls *tls, int result)
{
	int error = SSL_get_error(tls->ssl, result);

	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

static int shake_hands(struct tls *tls)
{
	int r;

	if (tls->is_up)
		return 0;
	ERR_clear_error();
	r = SSL_do_handshake(tls->ssl);
	tls->is_up = r == 1;
	return r == 1 || waits(tls, r) ? 0 : fail(tls);
}

int tls_init(struct tls *tls, SSL_CTX *context, const char *name, bool verify)
{
	*tls = (struct tls){ .ssl = SSL_new(context) };
	tls->in = BIO_new(BIO_s_mem());
	tls->out = BIO_new(BIO_s_mem());
	if (!tls->ssl || !tls->in || !tls->out) {
		BIO_free(tls->in);
		BIO_free(tls->out);
		return -ENOMEM;
	}
	SSL_set_bio(tls->ssl, tls->in, tls->out);
	SSL_set_app_data(tls->ssl, tls);
	SSL_set_connect_state(tls->ssl);
	if (!expect_name(tls->ssl, name, verify))
		return -EINVAL;
	return shake_hands(tls);
}

void tls_finish(struct tls *tls)
{
	SSL_free(tls->ssl); /* and what it reads from and writes to */
	tls->ssl = NULL;
}

int tls_take(struct tls *tls, const void *bytes, size_t n, struct buffer *plain)
{
	int r;

	if (BIO_write(tls->in, bytes, (int)MIN(n, INT_MAX)) != (int)n)
		return -ENOMEM;
	r = shake_hands(tls);
	while (r == 0 && tls->is_up) {
		uint8_t *room = buffer_reserve(plain, SSL3_RT_MAX_PLAIN_LENGTH);
		size_t got = 0;

		if (!room)
			return -ENOMEM;
		ERR_clear_error();
		r = SSL_read_ex(tls->ssl, room, SSL3_RT_MAX_PLAIN_LENGTH, &got);
		if (r == 1) {
			buffer_advance(plain, got);
			r = 0;
			continue;
		}
		tls->is_over = SSL_get_error(tls->ssl, r) == SSL_ERROR_ZERO_RETURN;
		return tls->is_over || waits(tls, r) ? 0 : fail(tls);
	}
	return r;
}

int tls_say(struct tls *tls, const void *bytes, size_t n)
{
	size_t written;

	ERR_clear_error();
	/* Memory takes all, so it never waits. */
	return SSL_write_ex(tls->ssl, bytes, n, &written) == 1 && written == n
		       ? 0
		       : fail(tls);
}

void tls_say_end(struct tls *tls)
{
	ERR_clear_error();
	if (tls->is_up)
		SSL_shutdown(tls->ssl);
	ERR_clear_error();
}

void tls_drain(struct tls *tls, struct buffer *to)
{
	size_t n = BIO_ctrl_pending(tls->out);
	uint8_t *room = n > 0 ? buffer_reserve(to, n) : NULL;
	int got = room ? BIO_read(tls->out, room, (int)MIN(n, INT_MAX)) : 0;

	if (got > 0)
		buffer_advance(to, (size_t)got);
}

bool tls_is_judged_later(const struct tls *tls)
{
	return SSL_version(tls->ssl) >= TLS1_3_VERSION &&
	       SSL_get_certificate(tls->ssl) != NULL;
}

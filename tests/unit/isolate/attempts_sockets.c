/* SPDX-License-Identifier: Apache-2.0 */
#include "attempts.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_in loopback(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)surroundings.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int close_after(int fd, int result)
{
	int r = result < 0 ? -errno : 0;

	close(fd);
	return r;
}

int connect_tcp(void)
{
	struct sockaddr_in address = loopback();
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	return close_after(
		fd, connect(fd, (const struct sockaddr *)&address, sizeof(address)));
}

int send_udp(void)
{
	struct sockaddr_in address = loopback();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);

	if (fd < 0)
		return -errno;
	return close_after(
		fd, (int)sendto(fd, "x", 1, 0, (const struct sockaddr *)&address,
			    sizeof(address)));
}

int connect_unix(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path, surroundings.socket, sizeof(address.sun_path));
	return close_after(
		fd, connect(fd, (const struct sockaddr *)&address, sizeof(address)));
}

static int open_socket(int domain, int type, int protocol)
{
	int fd = socket(domain, type | SOCK_CLOEXEC, protocol);

	return fd < 0 ? -errno : close(fd);
}

int open_ping_socket(void)
{
	int r = open_socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

	return r < 0 ? open_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) : r;
}

int open_raw_socket(void)
{
	return open_socket(AF_INET, SOCK_RAW, IPPROTO_TCP);
}

int open_packet_socket(void)
{
	return open_socket(AF_PACKET, SOCK_RAW, 0);
}

int open_other_protocol(void)
{
	/* Without the sandbox the kernel has it, or does not know it. */
	int r = open_socket(AF_INET, SOCK_DGRAM, 136 /* UDP-Lite */);

	return r == -EPROTONOSUPPORT ? 0 : r;
}

int make_stream_pair(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	close(ends[0]);
	return close(ends[1]);
}

int make_datagram_pair(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	close(ends[0]);
	return close(ends[1]);
}

int resolve(void)
{
	const struct addrinfo hints = { .ai_flags = AI_ADDRCONFIG };
	struct addrinfo *found = NULL;

	if (getaddrinfo("localhost", "https", &hints, &found) != 0)
		return -ENOENT;
	freeaddrinfo(found);
	return if_nametoindex("lo") > 0 ? 0 : -ENODEV;
}

/* The C library asks nscd on a socket, and then reads /etc/passwd. */
int look_up_user(void)
{
	getpwuid(0);
	return 0;
}

int prepare_tls(void)
{
	SSL_CTX *context = NULL;
	CURL *easy = NULL;
	int r = -EIO;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		easy = curl_easy_init();
	context = SSL_CTX_new(TLS_client_method());
	if (easy && context && SSL_CTX_set_default_verify_paths(context) == 1) {
		/* Nobody speaks TLS there: the connection alone is tried. */
		curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1/");
		curl_easy_setopt(easy, CURLOPT_PORT, (long)surroundings.port);
		curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
		r = curl_easy_perform(easy) == CURLE_OK ? 0 : -ECONNREFUSED;
	}
	SSL_CTX_free(context);
	curl_easy_cleanup(easy);
	return r;
}

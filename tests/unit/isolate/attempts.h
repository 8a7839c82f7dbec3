/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody in a sandbox may try. Each returns 0 where it worked, else a negative
 * errno; none does harm where it works. */
#ifndef TEST_ATTEMPTS_H
#define TEST_ATTEMPTS_H

/* What there is to try it on, made by the test before. */
struct surroundings {
	char *folder; /* of the test */
	char outside[128], configured[128], replaced[128], hidden[128];
	char state[128];    /* a folder */
	char writable[128]; /* configured, to write */
	char socket[108];   /* somebody listens */
	char plugin_file[128];
	int port;        /* on 127.0.0.1: somebody listens */
	int plugin;      /* a descriptor of plugin_file */
	int ask, answer; /* ends of pipes: have `replaced` replaced */
};

extern struct surroundings surroundings;

/* files */
int read_outside(void);
int read_shadow(void);
int read_configured(void);
int read_replaced(void);
int read_of_others(void);
int read_hidden(void);
int read_proc(void);
int read_null_and_random(void);
int read_with_signals_blocked(void);
int write_outside(void);
int write_configured(void);
int write_what_is_read(void);
int write_state(void);
int make_folder_outside(void);
int make_folder_in_state(void);
int remove_outside(void);
int rename_out_of_state(void);
int change_mode(void);
int open_library(void);

/* sockets */
int connect_tcp(void);
int send_udp(void);
int connect_unix(void);
int open_ping_socket(void);
int open_raw_socket(void);
int open_packet_socket(void);
int open_other_protocol(void);
int make_stream_pair(void);
int make_datagram_pair(void);
int resolve(void);
int look_up_user(void);
int prepare_tls(void);

/* processes */
int fork_child(void);
int vfork_child(void);
int clone_child_by_memory(void);
int spawn_program(void);
int execute(void);
int start_thread(void);
int refuse_in_thread(void);
int fork_in_thread_without_signals(void);
int trace_parent(void);
int read_parent_memory(void);
int read_parent_environment(void);
int copy_parent_memory(void);
int take_parent_descriptor(void);
int signal_parent(void);
int signal_parent_by_descriptor(void);
int signal_group(void);
int signal_itself(void);
int signal_child(void);

/* the system */
int set_user(void);
int mount_something(void);
int use_keys(void);
int unshare_users(void);
int load_bpf(void);
int use_ring(void);
int catch_faults(void);
int watch_performance(void);
int call_of_i386(void);
int unknown_call(void);

/* what any plugin does */
int allocate_512_mib(void);
int open_100_descriptors(void);
int write_2_mib_file(void);
int raise_limit(void);
int dump_core_again(void);
int be_traced(void);
int gain_privileges(void);
int hold_bounding_capabilities(void);
int hold_capabilities(void);
int have_no_end(void);
int start_100_threads(void);
int map_executable(void);
int read_clocks(void);
int wait_on_epoll(void);
int run_loop_pool(void);
int handle_signal(void);
int block_traps(void);
int replace_handler_of_traps(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "relp_window.h"

#include "relp_parser.h"

uint32_t relp_txnr_next(uint32_t txnr)
{
	return txnr % RELP_MAX_TXNR + 1;
}

void relp_window_add(struct relp_window *window, uint32_t txnr)
{
	if (window->n == 0)
		window->oldest = txnr;
	window->answered[(window->first + window->n++) % RELP_WINDOW] = false;
}

bool relp_window_answer(struct relp_window *window, uint32_t txnr)
{
	uint32_t ahead = (txnr + RELP_MAX_TXNR - window->oldest) % RELP_MAX_TXNR;
	bool *answered = &window->answered[(window->first + ahead) % RELP_WINDOW];

	if (ahead >= window->n || *answered)
		return false;
	*answered = true;
	while (window->n > 0 && window->answered[window->first]) {
		window->first = (window->first + 1) % RELP_WINDOW;
		window->oldest = relp_txnr_next(window->oldest);
		window->n--;
	}
	return true;
}

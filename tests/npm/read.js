// SPDX-License-Identifier: Apache-2.0
// Reads formats by packages of npm, and prints what was found as JSON:
//
//	node read.js MODULES cloudevents TYPE     one HTTP message of this content type
//	node read.js MODULES otlp SPECS MESSAGE   one message of the OpenTelemetry protocol
//
// The message comes on the standard input. MODULES is the folder that ./dev has filled.
"use strict";
const { readFileSync } = require("fs");
const { join } = require("path");

const [modules, what, ...more] = process.argv.slice(2);
const load = require("module").createRequire(join(modules, "x"));
const content = readFileSync(0);

// What the SDK takes for events is validated by it.
function cloudevents(type) {
	const { HTTP, CloudEvent } = load("cloudevents");
	const found = HTTP.toEvent({ headers: { "content-type": type }, body: content.toString() });

	return [].concat(found).map((event) => {
		if (!(event instanceof CloudEvent) || !event.validate())
			throw new Error("no event");
		return event.toJSON();
	});
}

function otlp(specs, message) {
	const { Root } = load("protobufjs");
	const root = new Root();
	const kind = message.includes(".metrics.") ? "metrics" : "logs";

	root.resolvePath = (origin, target) => join(specs, target);
	root.loadSync(`opentelemetry/proto/collector/${kind}/v1/${kind}_service.proto`);
	const type = root.lookupType(message);
	const decoded = type.decode(content);
	const wrong = type.verify(decoded);
	if (wrong)
		throw new Error(wrong);
	if (type.encode(decoded).finish().length !== content.length)
		throw new Error("it writes the message in another length");
	return type.toObject(decoded, { longs: String });
}

process.stdout.write(JSON.stringify({ cloudevents, otlp }[what](...more)));

#!/bin/bash
# postgres.sh COMMAND...: runs a command beside a PostgreSQL server of its own, whose address is in ASTARA_TEST_POSTGRES. The server listens on
# a socket in a folder that goes with it. Its locale orders texts by a language's rules: nothing of ours may lean on that.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
bin=${bin:-$(dirname "$(command -v postgres 2>/dev/null || true)")}
[ -x "$bin/initdb" ] || { echo 'PostgreSQL is needed here; as root: apt-get install postgresql'; exit 1; }

dir=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then # the server refuses to be run by root
	chown postgres "$dir"
	as=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
fi
server=
end() {
	[ -z "$server" ] || { kill -INT "$server" 2>/dev/null && wait "$server" || true; }
	rm -rf "$dir"
}
trap end EXIT

"${as[@]}" "$bin/initdb" --pgdata="$dir/data" --username=astara --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
	--locale-provider=icu --icu-locale=en --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log"; exit 1; }
"${as[@]}" "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=200 >"$dir/server.log" 2>&1 &
server=$!
until "$bin/pg_isready" -q -h "$dir"; do
	kill -0 "$server" 2>/dev/null || { cat "$dir/server.log"; exit 1; }
	sleep 0.1
done
ASTARA_TEST_POSTGRES="postgres:///postgres?host=$dir&user=astara" "$@"

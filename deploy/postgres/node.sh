#!/bin/sh
# One of two PostgreSQLs, of which one takes writes and the other streams from it. Runs in any image that has PostgreSQL.
#   KETLUAN_POSTGRES_PEER   host name of the other
#   KETLUAN_POSTGRES_FIRST  "yes" for the one that makes the cluster when neither has one
# Whoever finds the other taking writes follows it, also who took them before; promoting is for people:
#   docker compose exec postgres-2 pg_ctl promote
set -eu
umask 077
run=/run/postgresql
secrets=/run/secrets
peer=$KETLUAN_POSTGRES_PEER
export PGSSLMODE=verify-full PGSSLROOTCERT=$secrets/authority PGCONNECT_TIMEOUT=3 PGUSER=postgres PGDATABASE=postgres

say() { echo "ketluan: $*" >&2; }
peer_says() { PGPASSWORD=$(cat $secrets/postgres) psql --host="$peer" --no-psqlrc --tuples-only --no-align --command="$1" 2>/dev/null || echo away; }
our_timeline() {
	PGSSLMODE=prefer PGPASSWORD=$(cat $secrets/postgres) psql --host=127.0.0.1 --no-psqlrc --tuples-only --no-align \
		--command="SELECT CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END" 2>/dev/null || true
}

follow() {
	say "takes a copy of $peer"
	rm -rf "$PGDATA.new"
	PGPASSFILE=$run/passwords pg_basebackup --host="$peer" --username=ketluan_standby --pgdata="$PGDATA.new" \
		--wal-method=stream --checkpoint=fast
	touch "$PGDATA.new/standby.signal"
	if [ -e "$PGDATA" ]; then
		say "keeps what it had beside it: remove $PGDATA.before-* when nobody misses anything"
		mv "$PGDATA" "$PGDATA.before-$(date +%s)"
	fi
	mv "$PGDATA.new" "$PGDATA"
}

make() {
	say "makes a new cluster"
	rm -rf "$PGDATA.new"
	initdb --username=postgres --pwfile=$secrets/postgres --pgdata="$PGDATA.new" --auth=scram-sha-256 --encoding=UTF8 \
		--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C.UTF-8 --data-checksums
	password=$(cat $secrets/standby)
	echo "CREATE ROLE ketluan_standby LOGIN REPLICATION PASSWORD '$password'" \
		| postgres --single -D "$PGDATA.new" postgres >/dev/null
	mv "$PGDATA.new" "$PGDATA"
}

# Two that take writes would each keep half. Who sees that the other was promoted after it stands back, and follows.
stand_back_when_followed_up() {
	while sleep 5; do
		ours=$(our_timeline)
		[ -n "$ours" ] || continue
		later=$(peer_says "SELECT CASE WHEN pg_is_in_recovery() THEN false ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) > '$ours' END")
		if [ "$later" = t ]; then
			say "$peer was promoted: ends, to follow it"
			kill -INT 1
		fi
	done
}

cp $secrets/certificate $secrets/key $run/
echo "*:*:*:ketluan_standby:$(cat $secrets/standby)" > $run/passwords
cat > $run/rules <<RULES
host    all         all             127.0.0.1/32 scram-sha-256
hostssl replication ketluan_standby all          scram-sha-256
hostssl replication postgres    all              scram-sha-256
hostssl all         all             all          scram-sha-256
RULES

case $(peer_says "SELECT pg_is_in_recovery()") in
f) [ -e "$PGDATA/standby.signal" ] || follow ;;
t) [ -e "$PGDATA" ] || { say "the cluster here is gone, and $peer follows nobody: promote $peer"; exit 1; } ;;
*) if [ ! -e "$PGDATA" ]; then
		[ "$KETLUAN_POSTGRES_FIRST" = yes ] || { say "waits for $peer"; sleep 2; exit 1; }
		make
	fi ;;
esac

stand_back_when_followed_up &
exec postgres -D "$PGDATA" "$@" \
	-c listen_addresses='*' -c hba_file=$run/rules -c unix_socket_directories= \
	-c ssl=on -c ssl_cert_file=$run/certificate -c ssl_key_file=$run/key -c ssl_min_protocol_version=TLSv1.2 \
	-c primary_conninfo="host=$peer user=ketluan_standby passfile=$run/passwords sslmode=verify-full sslrootcert=$secrets/authority application_name=$(hostname)"

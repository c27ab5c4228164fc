#!/usr/bin/env bash
# Makes a canned chain with the build in tests/Silo.Tests/bin: ./make.sh NAME writes the folder NAME beside this file. README.md says what for.
set -euo pipefail
cd "$(dirname "$0")"
name=${1:?name the folder, such as the date or the release}
[ ! -e "$name" ] || { echo "$name is there already, and a canned chain is never changed."; exit 2; }
bin=$PWD/../bin/Release/net10.0
work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

start() {
  dotnet "$bin/ChainCrm.Silo.dll" --data "$work/data" --port 0 --empty >"$work/log" &
  server=$!
  until grep -q '"EventId":1002' "$work/log"; do sleep 0.2; kill -0 "$server"; done
  address=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/log" | head -n 1)
  key=$(cat "$work/data/office.key")
}

call() { # method, path, idempotency key, body: the answer's body, or the end of all this
  curl -sS --fail-with-body -X "$1" "$address$2" -H "Authorization: Bearer $key" -H "Content-Type: application/json" ${3:+-H "Idempotency-Key: $3"} ${4:+-d "$4"} ||
    { echo "$1 $2 $4" >&2; exit 1; }
}

programme() { # key, version it is based on, tiers, expiry
  call PUT /v1/programme "$1" '{"basedOnVersion":'"$2"',"document":{"name":"Canned","currency":"CNY","timeZone":"Asia/Shanghai",
    "points":{"perUnit":1,"expiry":'"$4"',"valueMinor":1,"negativeBalance":true},"tiers":['"$3"'],"qualifyingMonths":12,
    "crossStore":{"bonusPercent":20},"purchases":{"earliest":"2000-01-01","returnWindowDays":null}}}' >/dev/null
}

sell() { # receipt, customer as JSON or nothing, store, price, more members
  call POST /v1/purchases "$1" '{"receipt":"'"$1"'","store":"'"$3"'",'"${2:+\"customer\":$2,}${5:-}"'"lines":[{"line":1,"product":"P-1","category":"面膜","quantity":1,"priceMinor":'"$4"'},{"line":2,"product":"P-2","quantity":2.5,"priceMinor":1000,"discountMinor":100}]}' >/dev/null
}

settle() { # waits until nothing is due any more, so that no later clock changes a figure; a reservation of an identity lasts two minutes
  local due
  for _ in $(seq 180); do
    sleep 1
    due=$(sqlite3 "$work/data/agenda.db" "SELECT stream || ' at ' || datetime(due_ms / 1000, 'unixepoch') FROM agenda")
    [ -n "$due" ] || return 0
  done
  echo "Still due: $due"
  exit 1
}

start
member='{"id":"member","nameZh":"会员","nameEn":"Member","spendMinor":0,"multiplierPercent":100}'
silver='{"id":"silver","nameZh":"银卡","nameEn":"Silver","spendMinor":50000,"multiplierPercent":150}'
programme rules-1 0 "$member,$silver" '{"kind":"rolling","months":6,"roundUpTo":"month"}'
for s in 1 2 3; do call POST /v1/stores "open-$s" '{"id":"S'$s'","name":"门店'$s'","region":"华东","city":"上海"}' >/dev/null; done
# 154 is a prefix that no operator has.
for c in $(seq 10 19); do
  call POST /v1/customers "enrol-$c" '{"store":"S1","name":"测试'$c'","phone":"154000000'$c'","card":"CANNED'$c'","birthday":"1990-05-17"}' >/dev/null
done
# Years ago: points that have expired and tiers that have ended by the time it is canned, so that no later clock changes a figure.
for c in $(seq 10 19); do
  for n in 1 2 3; do sell "old-$c-$n" '{"phone":"154000000'$c'"}' "S$n" $((c * 1000 + n * 10000)) '"occurredAt":"2023-0'$n'-11T10:00:00+08:00",'; done
done
settle
programme rules-2 1 "$member" '{"kind":"never"}'
for c in $(seq 10 19); do sell "new-$c" '{"card":"CANNED'$c'"}' S$((c % 3 + 1)) $((c * 777)); done
for n in 1 2 3; do sell "walk-$n" "" S$n 4200; done
call POST /v1/redemptions redeem-1 '{"customer":{"phone":"15400000010"},"store":"S1","points":5,"reason":"mug"}' >/dev/null
call POST /v1/adjustments adjust-1 '{"customer":{"phone":"15400000011"},"points":-500,"reason":"booked twice"}' >/dev/null
call POST /v1/adjustments adjust-2 '{"customer":{"phone":"15400000012"},"points":70,"reason":"sorry"}' >/dev/null
call POST /v1/returns return-1 '{"customer":{"phone":"15400000013"},"store":"S1","purchaseStore":"S2","purchaseReceipt":"new-13","lines":[{"line":2,"quantity":1}],"reason":"wrong colour"}' >/dev/null
sell used-14 '{"phone":"15400000014"}' S1 9900 '"usePoints":20,'
customer=$(call POST /v1/identify "" '{"phone":"15400000015"}' | jq -r .id)
call PATCH "/v1/customers/$customer" change-15 '{"phone":"15400000099"}' >/dev/null
call PATCH /v1/stores/S3 close-3 '{"status":"closed"}' >/dev/null
call PATCH /v1/stores/S3 reopen-3 '{"status":"open","name":"门店三"}' >/dev/null
till=$(call POST /v1/keys key-1 '{"role":"till","store":"S1","till":"T1","label":"front till"}' | jq -r .id)
call DELETE "/v1/keys/$till" revoke-1 "" >/dev/null
settle
dotnet "$bin/chaincrm.dll" verify --server "$address" --key-file "$work/data/office.key"

mkdir "$work/$name"
stats=$(call GET /v1/stats "" "")
customers=$(for phone in $(seq 15400000010 15400000014) 15400000099 $(seq 15400000016 15400000019); do
  call POST /v1/identify "" '{"phone":"'"$phone"'"}' | jq -c "{phone: \"$phone\", id, name, balance: .points.balance, tier: .tier.id}"
done | jq -sc .)
echo "{\"stats\":$stats,\"customers\":$customers}" >"$work/$name/expected.json"
dotnet "$bin/chaincrm.dll" backup-key "$work/$name/backup.key"
rm "$work/$name/backup.key.public"
dotnet "$bin/chaincrm.dll" backup "$work/$name/chain.backup" --backup-key "$work/$name/backup.key" --server "$address" --key-file "$work/data/office.key"
kill "$server" && wait "$server" && server=""
[ ! -e "$work/data/journal.db-wal" ] || [ ! -s "$work/data/journal.db-wal" ] || { echo "journal.db-wal is not empty."; exit 1; }
cp "$work/data"/{journal.db,keys.db,master.key,office.key} "$work/$name/"
chmod u+rw,go-rwx "$work/$name"/*.key
mv "$work/$name" "$name"
du -sb "$name"

#!/usr/bin/env bash
# An org by curl: a user, a fault that hits the next request, what was received, and the clock.
set -euo pipefail

org=$OKTA_CLIENT_ORGURL
call() { curl --silent --show-error --header "Authorization: SSWS $OKTA_CLIENT_TOKEN" "$@"; }
json=(--header "Content-Type: application/json")

profile='{"login": "ada@example.com", "email": "ada@example.com", "firstName": "Ada", "lastName": "King"}'
call "${json[@]}" --data "{\"profile\": $profile}" "$org/api/v1/users" | grep --quiet '"STAGED"\|"PROVISIONED"'
echo "ok a user is created"

call "${json[@]}" --data '{"fault": {"serverError": {"status": 503}}, "times": 1}' "$org/_emulator/faults" > /dev/null
status() { call --output /dev/null --write-out '%{http_code}' "$org/api/v1/users/ada@example.com"; }
[ "$(status)" = 503 ]
[ "$(status)" = 200 ]
echo "ok a fault hits one request"

call "$org/_emulator/requests" | grep --quiet '/api/v1/users/ada@example.com'
echo "ok requests are recorded"

call "${json[@]}" --data '{"seconds": 3600}' "$org/_emulator/clock" > /dev/null
echo "ok the clock is an hour ahead"

call --request POST "$org/api/v1/users/ada@example.com/lifecycle/reset_password?sendEmail=true" > /dev/null
call "$org/_emulator/messages" | grep --quiet 'ada@example.com'
echo "ok what Ada was sent can be read"
echo end

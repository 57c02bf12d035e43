#!/usr/bin/env bash
# Breaks two services of the sandbox's systemd: sandbox-ledger ends by a signal, sandbox-orders is there and hangs. Decoys that must be
# spared are another service that is well, one that the configuration does not name, and a process of the same program that belongs to
# no service. For the sandbox and for tests; may be run again. The configuration names sandbox-ledger, sandbox-mail and, with the probe
# /srv/sandbox-services/orders-probe, sandbox-orders.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
folder=/srv/sandbox-services
hearts=/run/sandbox-services
decoy_list=/run/sandbox-decoys-service-down

mkdir -p -- "$folder" "$hearts"
write() {
  printf '%s\n' "$2" >"$1.part"
  chmod "${3:-644}" -- "$1.part"
  mv -f -- "$1.part" "$1"
}
# Whoever works shows it by a heart that beats, and a probe looks whether it does. Nothing is ever written to the pipe.
# shellcheck disable=SC2016 # the variables are of the inner bash
write "$folder/work.sh" 'exec {rest}<> <(:)
while :; do
  : >"/run/sandbox-services/$1"
  read -r -t 0.2 -u "$rest" || true
done'
# shellcheck disable=SC2016
write "$folder/orders-probe" '#!/usr/bin/env bash
(($(date +%s) - $(stat -c %Y /run/sandbox-services/sandbox-orders) <= 2))' 755
for name in sandbox-ledger sandbox-orders sandbox-mail sandbox-archive; do
  # The name is the program file's. One that is there may run: a new file would be another program.
  if [[ ! -e $folder/$name ]]; then
    cp -f -- "$(readlink -f -- "$(command -v bash)")" "$folder/$name.part"
    mv -f -- "$folder/$name.part" "$folder/$name"
  fi
  write "/etc/sandbox-units/$name.service" "[Unit]
Description=$name

[Service]
ExecStart=$folder/$name $folder/work.sh $name"
done

main_of() { systemctl show --value -p MainPID "$1.service"; }
# Breaks SERVICE by SIGNAL, unless it is broken already.
fell() {
  local main
  [[ $(systemctl is-active "$1.service") != failed ]] || return 0
  systemctl start "$1.service"
  main=$(main_of "$1")
  kill -s "$2" "$main"
}
systemctl start sandbox-mail.service sandbox-archive.service
if ! { read -r stranger <"$hearts/stranger" && [[ /proc/$stranger/exe -ef $folder/sandbox-orders ]]; } 2>/dev/null; then
  setsid "$folder/sandbox-orders" "$folder/work.sh" no-service </dev/null >/dev/null 2>&1 7>&- 9>&- &
  printf '%s\n' "$!" >"$hearts/stranger"
fi
fell sandbox-ledger KILL
fell sandbox-orders STOP

# One after the other: the first may be healed before the second shows that it hangs.
until [[ $(systemctl is-active sandbox-ledger.service) == failed ]]; do sleep 0.1; done
until ! "$folder/orders-probe" 2>/dev/null; do sleep 0.1; done

read -r stranger <"$hearts/stranger"
for decoy in "$(main_of sandbox-mail) sandbox-mail" "$(main_of sandbox-archive) sandbox-archive" "$stranger sandbox-orders"; do
  stat=$(<"/proc/${decoy%% *}/stat")
  # shellcheck disable=SC2206
  fields=(${stat##*) })
  printf '%s %s %s\n' "${decoy%% *}" "${fields[19]}" "${decoy#* }"
done >"$decoy_list"
printf 'sandbox-ledger failed, sandbox-orders hangs\n'

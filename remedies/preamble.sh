#!/usr/bin/env bash
# What every script of every remedy shares: it stands before the script in the command document.
# Nothing here writes to the disk that may be full: state is in /run, and no here-document (bash keeps those in files) is used.
# shellcheck disable=SC2034 # what is set here is used by the scripts that follow
set -o errexit -o nounset -o pipefail

if [[ -z ${SSM_AttemptId+set} ]]; then
  echo 'agent too old: parameters did not arrive as environment (SSM Agent 3.3.2746.0 or later is needed)' >&2
  exit 65
fi

export LC_ALL=C
umask 077
IFS=$' \t\n'
unset CDPATH GLOBIGNORE POSIXLY_CORRECT TMPDIR
# Appended, not replaced: an instance may put its own systemctl first. Relative entries go, they would run what lies in a folder we clean.
safe_path=
IFS=:
for entry in ${PATH-} /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
  [[ $entry != /* ]] || safe_path+=${safe_path:+:}$entry
done
IFS=$' \t\n'
export PATH=$safe_path
cd /

state_folder=/run/self-healing
act=repair
bytes_freed=
manifest=
counts=()
largest=()
changes=()
by_share=()
evidence=()
left_reasons=()
declare -A left_counts=()

# --- words that leave the instance ---

# Replaces what looks like a secret (S31). Reads and writes one string that may hold any byte but NUL.
redact() {
  sed -z -E \
    -e 's#(pass(word|wd|phrase)|pwd|secret|token|credentials?|authorization|bearer|(api|access|private|auth)[-_]?key)(%3D|[]["[:space:]=:_.-])*[^][/"[:space:]&;,]+#\1=[redacted]#Ig' \
    -e 's#(A[KS]IA)[A-Z0-9]{12,}#\1[redacted]#g' \
    -e 's#(://[^/:@[:space:]]*):[^/@[:space:]]+@#\1:[redacted]@#g' \
    -e 's#(eyJ[A-Za-z0-9_-]{6}|gh[opsu]_|xox[abprs]-)[A-Za-z0-9_.-]+#\1[redacted]#g'
}

# Sets shown to VALUE as it may leave the instance. Without one of these words nothing in it can look like a secret, and no program is
# needed to say so.
show() {
  shown=$1
  [[ ! ${1,,} =~ pass|pwd|secret|token|credential|authorization|bearer|key|a[ks]ia|://|eyj|gh[opsu]_|xox ]] || shown=$(printf '%s' "$1" | redact)
}

# Prints VALUE as a JSON string, cut near MAXIMUM bytes.
json_string() {
  local json
  json_text "$@"
  printf '%s' "$json"
}

# Sets json to VALUE as a JSON string: redacted, control characters escaped, bytes that are not UTF-8 replaced, cut near MAXIMUM bytes.
json_text() {
  local shown value maximum=${2:-300} out='' i=0 c n length low high
  show "$1"
  value=$shown
  if ((${#value} <= maximum)) && [[ $value != *[!\ -~]* && $value != *[\"\\]* ]]; then
    json="\"$value\""
    return
  fi
  while ((i < ${#value})); do
    if ((${#out} >= maximum)); then
      out+='...'
      break
    fi
    c=${value:i:1}
    printf -v n '%d' "'$c"
    ((n &= 255)) || true
    # Length of the UTF-8 sequence that this byte opens, and what its second byte may be; 0: not the start of one.
    length=0 low=128 high=191
    if ((n < 128)); then length=1
    elif ((n >= 194 && n <= 223)); then length=2
    elif ((n >= 224 && n <= 239)); then
      length=3
      if ((n == 224)); then low=160; elif ((n == 237)); then high=159; fi
    elif ((n >= 240 && n <= 244)); then
      length=4
      if ((n == 240)); then low=144; elif ((n == 244)); then high=143; fi
    fi
    if ((length > 1)) && ! is_continued "${value:i+1:length-1}" $((length - 1)) "$low" "$high"; then length=0; fi
    if ((length == 0)); then
      out+=$'\xef\xbf\xbd'
      length=1
    elif ((n < 32 || n == 127)); then
      printf -v c '\\u%04x' "$n"
      out+=$c
    elif [[ $c == '"' || $c == "\\" ]]; then
      out+=\\$c
    else
      out+=${value:i:length}
    fi
    ((i += length))
  done
  json="\"$out\""
}

# True if BYTES are LENGTH continuation bytes, the first of them from LOW to HIGH.
is_continued() {
  local i n low=$3 high=$4
  ((${#1} == $2)) || return 1
  for ((i = 0; i < $2; i++)); do
    printf -v n '%d' "'${1:i:1}"
    ((n &= 255)) || true
    ((n >= low && n <= high)) || return 1
    low=128 high=191
  done
}

# 987 -> 98.7
tenths() { printf '%d.%d' $(($1 / 10)) $(($1 % 10)); }

# NAME as it may be shown: redacted, one word, without what a terminal or a list could take for its own.
printable_name() {
  local shown
  show "$1"
  printf '%s' "${shown//[!A-Za-z0-9._:@()+-]/_}"
}

# NAME and KEY are the script's own words: only what comes from the instance needs redacting.
report_count() { counts+=("\"$1\":$2"); }
report_evidence() {
  local json
  json_text "$2"
  evidence+=("\"$1\":$json")
}

# Tells what was reported as evidence so far, at once: before the first act, since a script that is killed answers nothing more.
# To standard error, where SSM keeps 8,000 characters; later calls do nothing.
evidence_told=
tell_evidence() {
  local entry told=
  [[ -z $evidence_told ]] || return 0
  evidence_told=yes
  for entry in ${evidence[@]+"${evidence[@]}"}; do
    ((${#told} + ${#entry} < 7000)) || continue
    told+=${told:+,}$entry
  done
  printf 'evidence-before-act: {%s}\n' "$told" >&2
}

# KEY and then each line of standard input as one string of a list.
report_evidence_lines() {
  local line list='' json
  while IFS= read -r line; do
    json_text "$line" 120
    list+=${list:+,}$json
  done
  evidence+=("\"$1\":[$list]")
}

# WHY something was left as it was, and how many; the same WHY adds up.
report_left() {
  (($2 > 0)) || return 0
  [[ -n ${left_counts[$1]-} ]] || left_reasons+=("$1")
  left_counts[$1]=$((${left_counts[$1]-0} + $2))
}

# Prints the one JSON object of RESULT SUMMARY [REASON] and of what was reported; at most 16 KB.
result_object() {
  local why left='' object json IFS=,
  for why in ${left_reasons[@]+"${left_reasons[@]:0:20}"}; do
    json_text "$why" 160
    left+=${left:+,}"{\"why\":$json,\"count\":${left_counts[$why]}}"
  done
  object="{\"result\":\"$1\",${3:+\"reason\":$(json_string "$3" 60),}\"summary\":$(json_string "$2" 190)"
  object+="${bytes_freed:+,\"bytesFreed\":$bytes_freed},\"counts\":{${counts[*]-}}"
  local tail=",\"changes\":[${changes[*]-}],\"left\":[$left]${manifest:+,\"manifest\":$manifest}}"
  local shown=",\"largest\":[${largest[*]-}],\"evidence\":{${evidence[*]-}}"
  ((${#object} + ${#shown} + ${#tail} < 16000)) || shown=',"largest":[],"evidence":{"omitted":"longer than 16 KB"}'
  printf '%s\n' "$object$shown$tail"
}

# --- one attempt at a time, in the order of the fence, each once ---

# What a script must do however it ends, once it has its turn; for a script to define.
at_exit() { :; }

# Ends an attempt that must leave no trace: nothing was done, and a later delivery may do it.
decline() {
  result_object "$@"
  exit 0
}

# Ends the attempt: stores the object, so that a repeated delivery answers the same, and prints it.
finish() {
  local object place=$state_folder/attempts/$act-$SSM_AttemptId.json
  object=$(result_object "$@")
  if { [[ -d $state_folder/attempts ]] || mkdir -p -- "$state_folder/attempts"; } && printf '%s\n' "$object" >"$place.part" && mv -f -- "$place.part" "$place"; then
    keep_newest 50 "$state_folder/attempts"
  else
    rm -f -- "$place.part" || true
  fi
  printf '%s\n' "$object"
  exit 0
}

# keep_newest COUNT FOLDER: deletes the older ones of the files that we keep there.
keep_newest() {
  local kept=("$2"/*)
  # shellcheck disable=SC2012 # by age; the names are our own, of letters, digits, dots and hyphens
  ((${#kept[@]} <= $1)) || (cd -- "$2" && ls -t | tail -n "+$(($1 + 1))" | xargs -r rm -f --) || true
}

take_turn() {
  local last=0
  [[ $SSM_AttemptId =~ ^[A-Za-z0-9-]{1,64}$ ]] || decline refused 'parameter AttemptId is not of its pattern' bad-parameter
  [[ ${SSM_Fence-} =~ ^[0-9]{1,15}$ ]] || decline refused 'parameter Fence is not of its pattern' bad-parameter
  [[ -d $state_folder ]] || mkdir -m 0700 -- "$state_folder" 2>/dev/null || true
  if [[ -L $state_folder || ! -d $state_folder || $(stat -c '%u %a' -- "$state_folder" 2>/dev/null) != '0 700' ]]; then
    decline refused "$state_folder is not a folder of root alone, or could not be made" state-folder-unusable
  fi
  exec 9>>"$state_folder/lock"
  if ! flock -w 5 9; then
    read -r last 2>/dev/null <"$state_folder/holder" || last='another attempt'
    decline busy "$last is acting on this instance" lock-held
  fi
  printf '%s\n' "$SSM_AttemptId" >"$state_folder/holder" || true
  if [[ -f $state_folder/attempts/$act-$SSM_AttemptId.json ]]; then
    cat -- "$state_folder/attempts/$act-$SSM_AttemptId.json"
    exit 0
  fi
  if [[ -e $state_folder/fence ]]; then
    read -r last <"$state_folder/fence" || true
    [[ $last =~ ^[0-9]{1,15}$ ]] || decline refused 'the last fence cannot be read' state-folder-unusable
  fi
  ((10#$SSM_Fence >= 10#$last)) || decline stale-fence "fence $SSM_Fence is lower than $last, which was seen here" stale-fence
  if ! { printf '%s\n' "$SSM_Fence" >"$state_folder/fence.part" && mv -f -- "$state_folder/fence.part" "$state_folder/fence"; } 2>/dev/null; then
    decline refused 'the fence cannot be kept' state-folder-unusable
  fi
  # We hold the lock: a work folder that is still there was left by an attempt that was killed.
  work=$state_folder/work
  [[ ! -e $work && ! -L $work ]] || rm -rf -- "$work"
  mkdir -- "$work"
  # shellcheck disable=SC2154
  trap 'at_exit; rm -rf -- "$work"' EXIT
  trap 'exit 143' TERM INT HUP
}

# Before this returns nothing of the instance is changed; it returns only if the symptom is there now (S19).
begin_repair() {
  local seen code=0
  take_turn
  seen=$(symptom_check 9>&-) || code=$?
  report_evidence symptom "$seen"
  case $code in
  1) ;;
  0) finish already-healthy "no longer unhealthy: $seen" ;;
  *) finish unknown "the symptom cannot be read: $seen" symptom-unknown ;;
  esac
}

begin_undo() {
  act=undo
  take_turn
}

# Refuses the attempt unless parameter NAME's VALUE matches PATTERN in full (S14: checked here too, whatever the agent checked).
require_parameter() {
  [[ $2 =~ ^($3)$ ]] || finish refused "parameter $1 is not of its pattern" bad-parameter
}

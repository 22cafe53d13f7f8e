#!/usr/bin/env bash
# Tries the Debian package on a bare Debian with systemd, as root: installation, a crash, a reload, an upgrade, a wrong configuration,
# removal and purge. Needs debootstrap and systemd-container.
#
#   scripts/try_package.sh FOLDER PARLEY.deb NEWER.deb     FOLDER keeps the bare Debian; NEWER is the same with a higher version
set -euo pipefail
folder=${1:?FOLDER} package=${2:?PARLEY.deb} newer=${3:?NEWER.deb}
mkdir -p "$folder"
root=$folder/machine

[[ -f $folder/base/etc/debian_version ]] || debootstrap --variant=minbase bookworm "$folder/base"
rm -rf "$root"
cp -a --reflink=auto "$folder/base" "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$package" "$root/first.deb"
cp "$newer" "$root/newer.deb"

cat >"$root/steps.sh" <<'END'
set -eux
soon() { for _ in $(seq 50); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done; echo "FAILED: $*"; systemctl status parley; return 1; }
shows() { systemctl show --property "$1" --value parley; }
has_restarted() { test "$(shows NRestarts)" = 1; }
soon parley status --health
systemctl is-active parley
test "$(stat -c '%U:%G %a' /etc/parley/.env /var/lib/parley | tr '\n' ' ')" = 'root:parley 640 parley:parley 700 '
API_KEY=$(sed -n 's/^API_KEY=//p' /etc/parley/.env) parley status | grep -w ready

kill -SEGV "$(shows MainPID)"
soon has_restarted
soon parley status --health

systemctl reload parley
echo '# changed' >>/etc/parley/parley.yaml
keys=$(md5sum /etc/parley/.env)
dpkg -i /newer.deb
soon parley status --health
test "$(tail -n 1 /etc/parley/parley.yaml)" = '# changed'
test "$(md5sum /etc/parley/.env)" = "$keys"

sed -i 's/listen:/listne:/' /etc/parley/parley.yaml
systemctl restart parley
soon systemctl is-failed parley
test "$(shows ExecMainStatus) $(shows NRestarts)" = '2 0'
journalctl --unit parley | grep 'Did you mean "listen"?'
sed -i 's/listne:/listen:/' /etc/parley/parley.yaml
systemctl restart parley
soon parley status --health

dpkg -r parley
test -f /etc/parley/.env -a -f /etc/parley/parley.yaml -a -f /var/lib/parley/parley.db
! systemctl is-active parley
dpkg -i /newer.deb
soon parley status --health
test "$(md5sum /etc/parley/.env)" = "$keys"
dpkg -P parley
test ! -e /etc/parley -a ! -e /var/lib/parley
echo all well >/result
END
cat >"$root/etc/systemd/system/steps.service" <<'END'
[Unit]
After=multi-user.target parley.service
[Service]
Type=oneshot
ExecStart=/bin/sh /steps.sh
ExecStopPost=systemctl poweroff
StandardOutput=file:/steps.log
StandardError=file:/steps.log
[Install]
WantedBy=default.target
END

chroot "$root" sh -ec 'export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends /first.deb systemd systemd-sysv dbus >/dev/null
systemctl enable --quiet steps.service'
timeout 300 systemd-nspawn --quiet --directory "$root" --boot --private-network --register=no --keep-unit >"$folder/boot.log" 2>&1 || true
if [[ $(cat "$root/result" 2>/dev/null) != "all well" ]]; then
  cat "$root/steps.log"
  echo "FAILED; $folder/boot.log has the machine's own words" >&2
  exit 1
fi
echo "== all well"

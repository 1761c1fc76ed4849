# In a network namespace of its own: a real Kamailio and `sroute serve` as two nodes. Arguments: a Python, the folder of the scripts.
python=$1
cd "$2" || exit 1
ip link set lo up
real() { kamcmd -s unix:real.ctl "$@"; }
ours() { kamcmd -s unix:ours.ctl "$@"; }
until_ready() { for _ in $(seq 100); do "$@" core.version > /dev/null 2>&1 && return; sleep 0.1; done; }
until_said() { for _ in $(seq 100); do "$1" htable.get "$2" "$3" 2> /dev/null | grep -q "value: $4" && return; sleep 0.1; done; }
start_real() { kamailio -f real.cfg -DD -E -m 64 -M 16 -Y . >> real.log 2>&1 & kamailio=$!; until_ready real; }

start_real
real htable.sets r early one > /dev/null
real htable.seti p n 5 > /dev/null
"$python" -m sroute serve ours.cfg > ours.log 2>&1 &
sroute=$!
until_ready ours
until_said ours r early one
echo "initial sync to ours"; ours htable.dump r; ours htable.dump p
ours htable.sets r ours two > /dev/null
ours htable.setxs r short three 60 > /dev/null
ours htable.seti p m 7 > /dev/null
ours htable.delete r early > /dev/null
real htable.sets r later four > /dev/null
real htable.delete p n > /dev/null
until_said real p m 7
until_said ours r later four
sleep 0.5
echo "real"; real htable.dump r; real htable.dump p
echo "ours"; ours htable.dump r; ours htable.dump p
kill -TERM $kamailio; wait $kamailio; rm -f real.ctl
start_real
until_said real p m 7
echo "initial sync to real"; real htable.dump r
kill -TERM $kamailio; wait $kamailio
kill -INT $sroute; wait $sroute
echo "status $?"

//! What Linux says is free.

use std::path::{Path, PathBuf};

/// A machine, by the root of its file system: a test has one of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine<'a> {
    pub(super) root: &'a Path,
}

/// The files of one version of control groups that say how much memory a group may take and takes.
#[derive(Debug, Clone, Copy)]
struct Version {
    /// Where the groups are.
    mount: &'static str,
    limits: &'static [&'static str],
    usage: &'static str,
    /// The part of it that the system takes back when it is asked: what it read ahead of files.
    cache: &'static str,
}

const V2: Version = Version {
    mount: "sys/fs/cgroup",
    limits: &["memory.max", "memory.high"],
    usage: "memory.current",
    cache: "inactive_file",
};
const V1: Version = Version {
    mount: "sys/fs/cgroup/memory",
    limits: &["memory.limit_in_bytes", "memory.soft_limit_in_bytes"],
    usage: "memory.usage_in_bytes",
    cache: "total_inactive_file",
};

impl Machine<'_> {
    /// Bytes that this process may still take; `None` where nothing says so.
    pub(super) fn free(self) -> Option<u64> {
        let groups = self.groups();
        [self.available(), self.address_space(), groups].into_iter().flatten().min()
    }

    fn read(self, file: impl AsRef<Path>) -> Option<String> {
        std::fs::read_to_string(self.root.join(file)).ok()
    }

    /// What could be given without swapping.
    fn available(self) -> Option<u64> {
        kibibytes(&self.read("proc/meminfo")?, "MemAvailable:")
    }

    /// What the limits of the process itself leave.
    fn address_space(self) -> Option<u64> {
        let limits = self.read("proc/self/limits")?;
        let status = self.read("proc/self/status")?;
        let left = |limit: &str, used: &str| {
            let line = limits.lines().find_map(|line| line.strip_prefix(limit))?;
            // The soft limit first: it is what fails.
            let most: u64 = line.split_whitespace().next()?.parse().ok()?;
            Some(most.saturating_sub(kibibytes(&status, used).unwrap_or(0)))
        };
        [left("Max address space", "VmSize:"), left("Max data size", "VmData:")].into_iter().flatten().min()
    }

    /// What the control groups leave that the process is in.
    fn groups(self) -> Option<u64> {
        let of = self.read("proc/self/cgroup")?;
        let paths = of.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let (controllers, path) = (parts.next()?, parts.next()?);
            let version = match controllers {
                "" => V2,
                list if list.split(',').any(|one| one == "memory") => V1,
                _ => return None,
            };
            Some((version, path))
        });
        paths.filter_map(|(version, path)| self.least_of(version, path)).min()
    }

    /// The least that a group and those around it leave.
    fn least_of(self, version: Version, path: &str) -> Option<u64> {
        let within = PathBuf::from(path.trim_start_matches('/'));
        // Ends with the root, where a container finds its own group whatever the path is called outside.
        within
            .ancestors()
            .filter_map(|group| self.left_in(version, &Path::new(version.mount).join(group)))
            .min()
    }

    fn left_in(self, version: Version, group: &Path) -> Option<u64> {
        let number = |file: &str| self.read(group.join(file))?.trim().parse::<u64>().ok();
        let most = version.limits.iter().filter_map(|file| number(file)).min()?;
        let used = number(version.usage)?;
        let cache = self.read(group.join("memory.stat")).and_then(|stat| {
            let line = stat.lines().find_map(|line| line.strip_prefix(version.cache)?.strip_prefix(' '))?;
            line.trim().parse::<u64>().ok()
        });
        Some(most.saturating_sub(used.saturating_sub(cache.unwrap_or(0))))
    }
}

/// A line of `/proc` that counts in kibibytes, in bytes.
fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a folder of the test's own")]
    fn free(files: &[(&str, &str)]) -> Option<u64> {
        let root = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Machine { root: root.path() }.free()
    }

    const MEMINFO: (&str, &str) =
        ("proc/meminfo", "MemTotal:       32000000 kB\nMemFree: 1 kB\nMemAvailable:   24000000 kB\n");
    const STATUS: (&str, &str) = (
        "proc/self/status",
        "Name:\tisodense\nVmPeak:\t  900000 kB\nVmSize:\t  300000 kB\nVmData:\t  50000 kB\n",
    );

    #[test]
    fn what_the_system_calls_available_is_free() {
        assert_eq!(free(&[MEMINFO]), Some(24_576_000_000));
        assert_eq!(free(&[]), None);
        assert_eq!(free(&[("proc/meminfo", "MemAvailable: soon kB")]), None);
    }

    #[test]
    fn limits_of_the_process_count_less_what_it_takes() {
        let limits = |space: &str, data: &str| {
            let text = format!(
                "Limit                     Soft Limit           Hard Limit           Units     \n\
                 Max data size             {data}            unlimited            bytes     \n\
                 Max address space         {space}           unlimited            bytes     \n"
            );
            free(&[MEMINFO, STATUS, ("proc/self/limits", &text)])
        };
        // 1 GiB less 300,000 KiB; 512 MiB less 50,000 KiB.
        assert_eq!(limits("1073741824", "unlimited"), Some(766_541_824));
        assert_eq!(limits("1073741824", "536870912"), Some(485_670_912));
        assert_eq!(limits("unlimited", "unlimited"), Some(24_576_000_000));
        assert_eq!(limits("4096", "unlimited"), Some(0));
    }

    #[test]
    fn every_control_group_around_the_process_counts() {
        let two = free(&[
            MEMINFO,
            ("proc/self/cgroup", "0::/user.slice/viewer.scope\n"),
            ("sys/fs/cgroup/user.slice/viewer.scope/memory.max", "max\n"),
            ("sys/fs/cgroup/user.slice/viewer.scope/memory.current", "1000\n"),
            ("sys/fs/cgroup/user.slice/memory.max", "1073741824\n"),
            ("sys/fs/cgroup/user.slice/memory.current", "700000000\n"),
            ("sys/fs/cgroup/user.slice/memory.stat", "anon 1\ninactive_file 200000000\nactive_file 3\n"),
        ]);
        // What the system read ahead is given back: 1,073,741,824 less 500,000,000.
        assert_eq!(two, Some(573_741_824));
        let one = free(&[
            MEMINFO,
            ("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/docker/0815\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "68435456\n"),
            ("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 10000000\n"),
        ]);
        assert_eq!(one, Some(210_000_000), "a container sees its own group at the root");
        let none = free(&[MEMINFO, ("proc/self/cgroup", "0::/\n")]);
        assert_eq!(none, Some(24_576_000_000));
    }
}

using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Journal;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Rehearsals;

namespace ChainCrm.Silo.Api;

/// <summary>What the endpoints work with. One for the process.</summary>
internal sealed class ApiServices(
    IEngine engine, IJournal journal, IDirectories directories, IIdentityLookup identities, IEnrolment enrolment, IDeliveries deliveries, IPersonalVault vault,
    IReadModels readModels, TimeProvider time, ChainOptions options, KeyRing keys, Sessions sessions, BackupService backups, RehearsalDesk rehearsals, ILogger<ApiServices> log)
{
    public IEngine Engine => engine;
    public IJournal Journal => journal;
    public IDirectories Directories => directories;
    public IIdentityLookup Identities => identities;
    public IEnrolment Enrolment => enrolment;
    public IDeliveries Deliveries => deliveries;
    public IPersonalVault Vault => vault;
    public IReadModels ReadModels => readModels;
    public ChainOptions Options => options;
    public KeyRing Keys => keys;
    public Sessions Sessions => sessions;
    public BackupService Backups => backups;
    public RehearsalDesk Rehearsals => rehearsals;
    public ILogger Log => log;
    public PhoneNumbers Phones { get; } = new(options.PhoneCountryCode);

    /// <summary>The moment a request is received, as commands carry it.</summary>
    public Timestamp Now() => new(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The rules that run now.</summary>
    public Programme Programme(string chain) => directories.Current(chain);

    /// <summary>The rules that an entry was decided by; names of tiers in a repeated reply come from them.</summary>
    public Programme ProgrammeOf(string chain, int version) => directories.ProgrammeVersion(chain, version) ?? directories.Current(chain);
}

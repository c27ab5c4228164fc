using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;

namespace ChainCrm.Grains.Postgres;

/// <summary>What goes wrong with the keys, told in the vault's exceptions.</summary>
internal static class KeyFault
{
    /// <summary>While the vault is opened or filled: what no later attempt would mend ends it.</summary>
    /// <exception cref="VaultUnavailableException">It failed now and may pass later.</exception>
    /// <exception cref="VaultUnusableException">The role lacks a right.</exception>
    public static async ValueTask<T> OpeningAsync<T>(Func<ValueTask<T>> run)
    {
        try
        {
            return await WithAsync(run);
        }
        catch (VaultUnavailableException e) when (e.InnerException?.InnerException is { } inner && PostgresFault.IsPermission(inner))
        {
            throw new VaultUnusableException($"{e.Message} The rights of the application's role have to be granted again after an upgrade: docs/operations/postgres.md says which.", e);
        }
    }

    /// <summary>While the vault is at work: a right that was taken away may be given back, and callers are told to come again, as with the journal.</summary>
    /// <exception cref="VaultUnavailableException">It failed now and may pass later.</exception>
    public static async ValueTask<T> WithAsync<T>(Func<ValueTask<T>> run)
    {
        try
        {
            return await run();
        }
        catch (JournalUnavailableException e)
        {
            throw new VaultUnavailableException(e.Message, e) { DiskFull = e.DiskFull };
        }
    }
}

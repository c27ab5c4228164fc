using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;

namespace ChainCrm.Grains.Postgres;

/// <summary>What goes wrong with the keys, told in the vault's exceptions.</summary>
internal static class KeyFault
{
    /// <exception cref="VaultUnavailableException">It failed now and may pass later.</exception>
    /// <exception cref="VaultUnusableException">The role lacks a right.</exception>
    public static async ValueTask<T> WithAsync<T>(Func<ValueTask<T>> run)
    {
        try
        {
            return await run();
        }
        catch (JournalUnavailableException e) when (e.InnerException is { } inner && PostgresFault.IsPermission(inner))
        {
            throw new VaultUnusableException($"{e.Message} The rights of the application's role have to be granted again after an upgrade: docs/operations/postgres.md says which.", e);
        }
        catch (JournalUnavailableException e)
        {
            throw new VaultUnavailableException(e.Message, e) { DiskFull = e.DiskFull };
        }
    }
}

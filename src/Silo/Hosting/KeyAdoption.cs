using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Postgres;
using ChainCrm.Journal.Postgres;
using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Hosting;

/// <summary>
/// Takes the keys of a chain on PostgreSQL out of the data folder, where they were kept before, into the schema: copied in one transaction, read back and compared, and only then
/// keys.db is put out of the way. Killed at any moment it leaves keys.db as it was, and the next start goes on: keys that are in both places must be the same.
/// </summary>
internal sealed class KeyAdoption(KeyFiles files, PostgresJournalOptions options)
{
    /// <summary>Runs it. The folder and the schema are held, and no vault is open.</summary>
    /// <exception cref="VaultUnusableException">Other keys are in the schema, or keys.db can't be used or renamed; nothing was touched.</exception>
    /// <exception cref="VaultUnavailableException">A side can't be read or written now.</exception>
    public async Task RunAsync(ILogger logger, CancellationToken cancellation)
    {
        // Sees to it that the file is whole and has no write-ahead log beside it.
        if (SqliteKeyTable.MasterIdOf(files.KeysFile) is null)
        {
            // A first start that was killed before it kept anything.
            SetAside();
            return;
        }

        long count = 0;
        await using (var keys = new SqliteWrappedKeys(files.KeysFile))
        await using (var schema = PostgresWrappedKeys.Open(options))
        {
            if ((await schema.SecretsAsync(cancellation)).Count == 0)
            {
                await using var writer = await PostgresWrappedKeyWriter.OpenAsync(options, replace: false, cancellation);
                count = await KeyCopy.RunAsync(keys, writer, cancellation);
            }

            if (await KeyCopy.DifferenceAsync(keys, schema, cancellation) is { } difference)
                throw new VaultUnusableException($"{files.KeysFile} and the schema {options.Schema} both hold customers' keys, and not the same ones: {difference}. One of the two belongs to another chain; put keys.db away, or choose the schema that it belongs to.");
        }

        SetAside();
        Log.KeysAdopted(logger, count, files.KeptFile);
    }

    private void SetAside()
    {
        try
        {
            files.SetAside();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new VaultUnusableException($"The keys are in the schema {options.Schema}, but {files.KeysFile} could not be renamed: {failure.Message}", failure);
        }
    }
}

using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Grains.Postgres;

/// <summary>Rows gathered for one statement that takes an array for each column: texts first, then numbers. Used again for one write after the other.</summary>
internal sealed class GatheredRows
{
    private readonly string sql;
    private readonly List<string?>[] texts;
    private readonly List<long?>[] numbers;

    /// <param name="sql">Takes the columns as $1, $2 ...</param>
    /// <param name="texts">Columns of text.</param>
    /// <param name="numbers">Columns of numbers, behind them.</param>
    public GatheredRows(string sql, int texts, int numbers)
    {
        this.sql = sql;
        this.texts = [.. Enumerable.Range(0, texts).Select(_ => new List<string?>())];
        this.numbers = [.. Enumerable.Range(0, numbers).Select(_ => new List<long?>())];
    }

    /// <summary>Rows whose numbers are added to the row of the same key.</summary>
    /// <param name="table">With its schema.</param>
    /// <param name="textKeys">Parts of the key that are text.</param>
    /// <param name="numberKeys">Parts of the key that are numbers.</param>
    /// <param name="sums">What is added up.</param>
    /// <param name="newest">A number of which the larger one is kept.</param>
    public static GatheredRows Adding(string table, string[] textKeys, string[] numberKeys, string[] sums, string? newest = null)
    {
        string[] columns = newest is null ? [.. textKeys, .. numberKeys, .. sums] : [.. textKeys, .. numberKeys, .. sums, newest];
        var updates = sums.Select(sum => $"{sum} = old.{sum} + excluded.{sum}");
        if (newest is not null) updates = updates.Append($"{newest} = greatest(old.{newest}, excluded.{newest})");
        return new($"""
            INSERT INTO {table} AS old ({string.Join(", ", columns)}) SELECT * FROM {Unnested(textKeys.Length, columns.Length - textKeys.Length)}
            ON CONFLICT ({string.Join(", ", [.. textKeys, .. numberKeys])}) DO UPDATE SET {string.Join(", ", updates)}
            """, textKeys.Length, columns.Length - textKeys.Length);
    }

    /// <summary>The arrays as rows.</summary>
    public static string Unnested(int texts, int numbers) =>
        $"unnest({string.Join(", ", Enumerable.Range(1, texts + numbers).Select(i => FormattableString.Invariant($"${i}::{(i <= texts ? "text" : "bigint")}[]")))})";

    /// <summary>A text that PostgreSQL takes: it knows no NUL, and no half of a surrogate pair. Anything else stays as it is.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || !text.AsSpan().Contains('\0') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }

    public void Add(ReadOnlySpan<string?> rowTexts, ReadOnlySpan<long?> rowNumbers)
    {
        for (var i = 0; i < texts.Length; i++) texts[i].Add(Clean(rowTexts[i]));
        for (var i = 0; i < numbers.Length; i++) numbers[i].Add(rowNumbers[i]);
    }

    /// <summary>Hands the rows over as statements of bounded size, and begins anew.</summary>
    public IEnumerable<NpgsqlBatchCommand> Take()
    {
        var count = texts[0].Count;
        for (var from = 0; from < count; from += GrainsPostgresLimits.RowsPerStatement)
        {
            var take = Math.Min(GrainsPostgresLimits.RowsPerStatement, count - from);
            var command = new NpgsqlBatchCommand(sql);
            foreach (var column in texts) command.Parameters.Add(new() { Value = column.GetRange(from, take), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            foreach (var column in numbers) command.Parameters.Add(new() { Value = column.GetRange(from, take), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            yield return command;
        }

        Clear();
    }

    public void Clear()
    {
        foreach (var column in texts) column.Clear();
        foreach (var column in numbers) column.Clear();
    }
}

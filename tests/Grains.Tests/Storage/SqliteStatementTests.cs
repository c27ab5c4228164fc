using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Storage;

public sealed class SqliteStatementTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteConnection _connection;

    public SqliteStatementTests()
    {
        _connection = SqliteFile.OpenWriter(Path, durable: false);
        SqliteFile.Execute(_connection, "CREATE TABLE things(id INTEGER PRIMARY KEY, value, number INT, bytes BLOB)");
    }

    private string Path => _folder.File("things.db");

    public static TheoryData<string> Texts => ["", "a", "a\0b", "\0", "客户 é", "😀", "half \ud800 pair", new('x', 85), new('店', 85), new('客', 86), new('é', 10_000)];

    public static TheoryData<byte[]> Blobs => [[], [0], [1, 0, 2], [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i % 251))]];

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var put = SqliteFile.Prepare(_connection, "INSERT OR REPLACE INTO things(id, value, number, bytes) VALUES(@0, @1, @2, @3)");
        using var get = SqliteFile.Prepare(_connection, "SELECT value, number, bytes FROM things WHERE id = @0");
        var (shortText, longText, bytes) = ("店 1", new string('客', 400), new byte[300]);
        var sum = 0L;
        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                sum += put.Set(0, i % 100).Set(1, i % 2 == 0 ? shortText : longText).Set(2, (long?)null).Set(3, bytes).Run();
                using var rows = get.Set(0, i % 100).Read();
                while (rows.Read()) sum += rows.GetBytes(0).Length + (rows.IsDBNull(1) ? 1 : rows.GetInt64(1)) + rows.GetBytes(2).Length;
            }
        }

        Run(2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(2_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        sum.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_is_what_Microsofts_command_makes_of_it(string text)
    {
        using var put = SqliteFile.Prepare(_connection, "INSERT INTO things(id, value) VALUES(1, @0)");
        put.Set(0, text).Run();
        Command("INSERT INTO things(id, value) VALUES(2, $value)", text);
        // The same bytes of the same type, and read as the same text by both.
        Command("SELECT count(*) FROM things a JOIN things b ON a.id = 1 AND b.id = 2 AND typeof(a.value) = 'text' AND hex(a.value) = hex(b.value)").ShouldBe(1L);
        using var get = SqliteFile.Prepare(_connection, "SELECT value FROM things WHERE id = @0");
        for (var id = 1; id <= 2; id++)
        {
            using var rows = get.Set(0, id).Read();
            rows.Read().ShouldBeTrue();
            rows.GetString(0).ShouldBe(Command("SELECT value FROM things WHERE id = $value", id));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_number_comes_back(long number)
    {
        using var put = SqliteFile.Prepare(_connection, "INSERT INTO things(id, value) VALUES(1, @0)");
        put.Set(0, number).Run();
        Command("SELECT value FROM things WHERE typeof(value) = 'integer'").ShouldBe(number);
        using var get = SqliteFile.Prepare(_connection, "SELECT value FROM things");
        using var rows = get.Read();
        rows.Read().ShouldBeTrue();
        rows.IsDBNull(0).ShouldBeFalse();
        rows.GetInt64(0).ShouldBe(number);
    }

    [Theory]
    [MemberData(nameof(Blobs))]
    public void Bytes_come_back(byte[] bytes)
    {
        using var put = SqliteFile.Prepare(_connection, "INSERT INTO things(id, value) VALUES(1, @0)");
        put.Set(0, bytes).Run();
        Command("SELECT value FROM things WHERE typeof(value) = 'blob'").ShouldBe(bytes);
        using var get = SqliteFile.Prepare(_connection, "SELECT value FROM things");
        using var rows = get.Read();
        rows.Read().ShouldBeTrue();
        rows.IsDBNull(0).ShouldBeFalse();
        rows.GetBytes(0).ToArray().ShouldBe(bytes);
    }

    [Fact]
    public void Null_is_null_however_it_is_said_and_never_read_as_a_value()
    {
        using var put = SqliteFile.Prepare(_connection, "INSERT INTO things(id, value, number, bytes) VALUES(1, @0, @1, @2)");
        put.Set(0, (string?)null).Set(1, (long?)null).SetNull(2).Run();
        using var get = SqliteFile.Prepare(_connection, "SELECT value, number, bytes FROM things");
        using var rows = get.Read();
        rows.Read().ShouldBeTrue();
        for (var column = 0; column < 3; column++) rows.IsDBNull(column).ShouldBeTrue();
        // Rows can't be caught by a lambda.
        var refused = 0;
        for (var column = 0; column < 3; column++)
        {
            try
            {
                _ = column == 0 ? rows.GetString(0).Length : column == 1 ? rows.GetInt64(1) : rows.GetBytes(2).Length;
            }
            catch (InvalidOperationException)
            {
                refused++;
            }
        }

        refused.ShouldBe(3);
    }

    [Fact]
    public void A_parameter_is_filled_by_its_number_wherever_it_stands()
    {
        Command("INSERT INTO things(id, value, number) VALUES(7, 'old', 1)");
        using var change = SqliteFile.Prepare(_connection, "UPDATE things SET number = @2, value = @1 WHERE id = @0");
        change.Set(0, 7).Set(1, "new").Set(2, 5).Run().ShouldBe(1);
        Command("SELECT value || number FROM things WHERE id = 7").ShouldBe("new5");
        using var gap = SqliteFile.Prepare(_connection, "SELECT @0, @2");
        Should.Throw<InvalidOperationException>(() => gap.Set(0, 1));
    }

    [Fact]
    public void Run_tells_how_many_rows_changed()
    {
        using var put = SqliteFile.Prepare(_connection, "INSERT INTO things(id) VALUES(@0) ON CONFLICT DO NOTHING");
        put.Set(0, 1).Run().ShouldBe(1);
        put.Run().ShouldBe(0);
        put.Set(0, 2).Run().ShouldBe(1);
        using var remove = SqliteFile.Prepare(_connection, "DELETE FROM things WHERE id > @0");
        remove.Set(0, 0).Run().ShouldBe(2);
        remove.Run().ShouldBe(0);
    }

    [Fact]
    public void It_is_part_of_the_transaction_its_connection_has_open()
    {
        using var put = SqliteFile.Prepare(_connection, "INSERT INTO things(id) VALUES(@0)");
        using (_connection.BeginTransaction()) put.Set(0, 1).Run();
        Command("SELECT count(*) FROM things").ShouldBe(0L);
        using (var transaction = _connection.BeginTransaction())
        {
            put.Set(0, 2).Run();
            transaction.Commit();
        }

        Command("SELECT count(*) FROM things").ShouldBe(1L);
    }

    [Fact]
    public void While_its_rows_are_open_it_refuses_everything_else()
    {
        Command("INSERT INTO things(id) VALUES(1), (2)");
        using var get = SqliteFile.Prepare(_connection, "SELECT id FROM things WHERE id >= @0 ORDER BY id");
        var rows = get.Set(0, 1).Read();
        rows.Read().ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => get.Set(0, 2));
        Should.Throw<InvalidOperationException>(() => get.Run());
        Should.Throw<InvalidOperationException>(() => { using var second = get.Read(); });
        rows.GetInt64(0).ShouldBe(1);
        rows.Read().ShouldBeTrue();
        rows.GetInt64(0).ShouldBe(2);
        rows.Read().ShouldBeFalse();
        rows.Read().ShouldBeFalse();
        rows.Dispose();

        var again = get.Set(0, 2).Read();
        again.Read().ShouldBeTrue();
        // What was disposed already has no say over the rows that are open now.
        rows.Dispose();
        again.GetInt64(0).ShouldBe(2);
        var isRefused = false;
        try
        {
            rows.Read();
        }
        catch (InvalidOperationException)
        {
            isRefused = true;
        }

        isRefused.ShouldBeTrue();
        again.Dispose();
    }

    [Fact]
    public void After_its_disposal_it_says_so()
    {
        var get = SqliteFile.Prepare(_connection, "SELECT @0");
        get.Set(0, 1).Run();
        get.Dispose();
        get.Dispose();
        Should.Throw<ObjectDisposedException>(() => get.Set(0, 1));
        Should.Throw<ObjectDisposedException>(() => get.Run());
    }

    private object? Command(string sql, object? value = null)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
        command.CommandText = sql;
#pragma warning restore CA2100 // As before.
        if (value is not null) command.Parameters.AddWithValue("$value", value);
        return command.ExecuteScalar();
    }
}

using ChainCrm.Grains.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Storage;

/// <summary>What goes wrong in SQLite comes as its exception with its code: callers decide by the code what to do.</summary>
public sealed class SqliteFailureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("things.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_against_a_constraint_is_refused_and_the_statement_goes_on()
    {
        using var connection = Make();
        using var put = SqliteFile.Prepare(connection, "INSERT INTO things(id, name) VALUES(@0, @1)");
        using (var transaction = connection.BeginTransaction())
        {
            put.Set(0, 1).Set(1, "a").Run();
            var failure = Should.Throw<SqliteException>(() => put.Run());
            failure.SqliteErrorCode.ShouldBe(19);
            failure.SqliteExtendedErrorCode.ShouldBe(1555);
            failure.Message.ShouldContain("things.id");
            put.Set(0, 2).Run().ShouldBe(1);
            transaction.Commit();
        }

        SqliteFile.Scalar(connection, "SELECT count(*) FROM things").ShouldBe(2);
    }

    [Fact]
    public void A_statement_that_makes_no_sense_is_told_at_its_first_use()
    {
        using var connection = Make();
        using var wrong = SqliteFile.Prepare(connection, "SELECT nothing FROM things");
        var failure = Should.Throw<SqliteException>(() => wrong.Run());
        failure.SqliteErrorCode.ShouldBe(1);
        failure.Message.ShouldContain("nothing");
    }

    [Fact]
    public void Damaged_pages_are_told_where_they_are_read_and_where_they_are_written()
    {
        using (var connection = Make())
        {
            using var put = SqliteFile.Prepare(connection, "INSERT INTO things(id, name) VALUES(@0, @1)");
            for (var id = 0; id < 1_000; id++) put.Set(0, id).Set(1, new string('x', 100)).Run();
        }

        var bytes = File.ReadAllBytes(Path);
        // The first page with the schema stays, so the file opens; nothing after it is a page any more.
        bytes.AsSpan(4_096).Fill(0xAB);
        File.WriteAllBytes(Path, bytes);
        using var damaged = SqliteFile.OpenWriter(Path, durable: false);
        using var get = SqliteFile.Prepare(damaged, "SELECT name FROM things WHERE id = @0");
        Should.Throw<SqliteException>(() =>
        {
            using var rows = get.Set(0, 5).Read();
            rows.Read();
        }).SqliteErrorCode.ShouldBe(11);
        using var change = SqliteFile.Prepare(damaged, "UPDATE things SET name = 'y' WHERE id = @0");
        Should.Throw<SqliteException>(() => change.Set(0, 5).Run()).SqliteErrorCode.ShouldBe(11);
        // The rows that failed are closed: the next failure is again the file's.
        Should.Throw<SqliteException>(() =>
        {
            using var rows = get.Set(0, 6).Read();
            rows.Read();
        }).SqliteErrorCode.ShouldBe(11);
    }

    [Fact]
    public void A_file_of_something_else_is_told()
    {
        File.WriteAllText(Path, new string('x', 8_192));
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        using var get = SqliteFile.Prepare(connection, "SELECT name FROM things WHERE id = @0");
        Should.Throw<SqliteException>(() => get.Set(0, 5)).SqliteErrorCode.ShouldBe(26);
    }

    [Fact]
    public void A_file_that_stays_busy_is_told_after_the_timeout_which_is_30_seconds()
    {
        using var first = Make();
        using var second = SqliteFile.OpenWriter(Path, durable: false);
        SqliteFile.Scalar(second, "PRAGMA busy_timeout").ShouldBe(30_000);
        SqliteFile.Execute(second, "PRAGMA busy_timeout = 0");
        using var transaction = first.BeginTransaction();
        using var put = SqliteFile.Prepare(second, "INSERT INTO things(id, name) VALUES(@0, 'b')");
        Should.Throw<SqliteException>(() => put.Set(0, 1).Run()).SqliteErrorCode.ShouldBe(5);
        transaction.Commit();
        put.Run().ShouldBe(1);
    }

    [Fact]
    public void On_a_closed_connection_nothing_runs()
    {
        var connection = Make();
        using var get = SqliteFile.Prepare(connection, "SELECT 1");
        connection.Dispose();
        Should.Throw<InvalidOperationException>(() => get.Run());
    }

    private SqliteConnection Make()
    {
        var connection = SqliteFile.OpenWriter(Path, durable: false);
        SqliteFile.Execute(connection, "CREATE TABLE things(id INTEGER PRIMARY KEY, name TEXT)");
        return connection;
    }
}

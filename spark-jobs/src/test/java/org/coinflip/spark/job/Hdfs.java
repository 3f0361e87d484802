package org.coinflip.spark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** A name node and a data node in this process, and the files of a user there, named from the user's folder. */
final class Hdfs implements AutoCloseable {
    private final MiniDFSCluster cluster;
    private final DistributedFileSystem files;
    private final String root;

    /** @param folder for what it keeps */
    Hdfs(java.nio.file.Path folder) throws IOException {
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        files = cluster.getFileSystem();
        root = files.getUri() + "/user/coinflip/";
    }

    DistributedFileSystem files() {
        return files;
    }

    /** What names of the user's files are put behind. */
    String root() {
        return root;
    }

    void put(String name, String text) throws IOException {
        try (OutputStream out = ((FileSystem) files).create(new Path(root + name))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    String text(String name) throws IOException {
        try (InputStream in = files.open(new Path(root + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    JsonNode summary(String run) throws IOException {
        return new ObjectMapper().readTree(text(run + "/summary.json"));
    }

    @Override
    public void close() {
        cluster.shutdown(true);
    }
}

pragma foreign_keys = on;
pragma journal_mode = wal;

create table if not exists users (
    id integer primary key,
    email text not null unique,
    username text not null unique,
    password text not null,
    bio text,
    image text
);

create table if not exists follows (
    follower integer not null references users,
    followed integer not null references users,
    primary key (follower, followed)
);

create table if not exists articles (
    id integer primary key,
    slug text not null unique,
    title text not null,
    description text not null,
    body text not null,
    author integer not null references users,
    created_at text not null,
    updated_at text not null
);

create table if not exists tags (
    article integer not null references articles on delete cascade,
    tag text not null,
    primary key (article, tag)
);
create index if not exists articles_by_tag on tags (tag);

create table if not exists favorites (
    article integer not null references articles on delete cascade,
    fan integer not null references users,
    primary key (article, fan)
);

create table if not exists comments (
    id integer primary key,
    article integer not null references articles on delete cascade,
    author integer not null references users,
    body text not null,
    created_at text not null,
    updated_at text not null
);
create index if not exists comments_by_article on comments (article);
